import * as z from 'zod'
import {
  contract,
  type MethodInput,
  type MethodName,
  type MethodOutput,
} from '../../shared/contract/index.ts'
import type { Method } from '../../shared/contract/method.ts'
import { errorDataSchema, fromErrorData } from '../../shared/errors.ts'

const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorDataSchema }),
])

/**
 * Calls one method of the core.
 * @throws QuaysideError whatever the core answers as an error, with its class back.
 */
export async function call<N extends MethodName>(
  name: N,
  input: MethodInput<N>,
): Promise<MethodOutput<N>> {
  const reply = replySchema.parse(await window.quayside.invoke(name, input))
  if (!reply.ok) throw fromErrorData(reply.error)
  return parseOutput(contract[name], reply.value)
}

function parseOutput<M extends Method>(method: M, value: unknown): z.output<M['output']> {
  const output: M['output'] = method.output
  return z.parse(output, value)
}
