import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import type { RecoveryKeyStatus } from '../../../shared/contract/recovery-key.ts'
import type { Action } from '../command.ts'
import { findDestination } from '../destinations/find-destination.ts'
import { parseInput } from '../parse-input.ts'
import { askSecret, givenSecret } from '../secret-input.ts'

const sourceSchema = z.object({
  secretFile: z.string().optional(),
  secretStdin: z.literal(true).optional(),
})

/** `recovery-key status` */
export const showStatus: Action = async (cli) => {
  const core = await cli.coreWithSecrets()
  const status = await core.recoveryKey.status({}, { signal: cli.signal })
  cli.out.result(status, () => statusText(status))
}

/** `recovery-key show` */
export const show: Action = async (cli) => {
  const core = await cli.coreWithSecrets()
  const { text } = await core.recoveryKey.reveal({}, { signal: cli.signal })
  const { savedAt } = await core.recoveryKey.status({}, { signal: cli.signal })
  if (savedAt === null) {
    cli.out.note(
      'Save it outside this computer, then confirm that: "quayside recovery-key confirm".',
    )
  }
  cli.out.result({ text }, () => text)
}

/** `recovery-key confirm` */
export const confirm: Action = async (cli, _args, options) => {
  const source = parseInput(sourceSchema, options)
  const given = await givenSecret(source, cli)
  const core = await cli.coreWithSecrets()
  const text = given ?? (await askSecret(cli.io, 'recovery key or its last group'))
  const input = parseInput(contract['recoveryKey.confirm'].input, { text })
  const status = await core.recoveryKey.confirm(input, { signal: cli.signal })
  cli.out.result(status, () => 'Encrypted backups can be made.')
}

/** `recovery-key enter DESTINATION` */
export const enter: Action = async (cli, [name = ''], options) => {
  const given = await givenSecret(parseInput(sourceSchema, options), cli)
  const core = await cli.coreWithSecrets()
  const { id: destinationId } = await findDestination(core, name, cli.signal)
  const text = given ?? (await askSecret(cli.io, 'recovery key'))
  const input = parseInput(contract['recoveryKey.enter'].input, { destinationId, text })
  const done = await core.recoveryKey.enter(input, { signal: cli.signal })
  cli.out.result({ destinationId, name, ...done }, () =>
    [
      `${done.keys === 1 ? 'One key opens' : `${done.keys} keys open`} the backups at ${name}.`,
      ...(done.adopted ? ['The recovery key is this computer’s own from now on.'] : []),
    ].join('\n'),
  )
}

function statusText({ exists, savedAt }: RecoveryKeyStatus): string {
  if (!exists) return 'There is no recovery key yet. "quayside recovery-key show" makes it.'
  if (savedAt === null) {
    return 'The recovery key is not confirmed to be saved: no encrypted backup is made until then.'
  }
  return `The recovery key is saved, as confirmed on ${new Date(savedAt).toISOString().slice(0, 10)}.`
}
