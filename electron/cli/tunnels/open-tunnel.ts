import * as z from 'zod'
import { portSchema } from '../../../shared/contract/hosts.ts'
import type { Action } from '../command.ts'
import { findDatabase } from '../find-database.ts'
import { parseInput, wholeNumber } from '../parse-input.ts'
import { holdTunnel } from './hold-tunnel.ts'

const optionsSchema = z.object({
  port: z.string().transform(wholeNumber).pipe(portSchema).optional(),
})

/** `tunnel DATABASE` */
export const openTunnel: Action = async (cli, [reference = ''], options) => {
  const { port } = parseInput(optionsSchema, options)
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'live' } as const
  const database = await findDatabase(core, query, cli.signal)
  await holdTunnel(cli, core, { database, port })
}
