import * as z from 'zod'
import { connectionFormats } from '../../../shared/connection-formats.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { findDatabase } from '../find-database.ts'
import { isListening } from '../loopback.ts'
import { parseInput } from '../parse-input.ts'

const optionsSchema = z.object({
  format: z.enum(connectionFormats).optional(),
  template: z.string().optional(),
})

/** What to print, and how `--json` calls it. */
function chosenForm(options: Readonly<Record<string, unknown>>) {
  const { format, template } = parseInput(optionsSchema, options)
  if (template === undefined) return { what: format ?? 'url', format: format ?? 'url' } as const
  if (format !== undefined) {
    throw new QuaysideError('invalid_input', 'Either a format or a template, not both.', {
      hint: 'Leave --format out.',
      field: 'template',
    })
  }
  return { what: { template }, format: 'template' } as const
}

/** `db url DATABASE` */
export const printConnection: Action = async (cli, [reference = ''], options) => {
  const { what, format } = chosenForm(options)
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'live' } as const
  const { id, name } = await findDatabase(core, query, cli.signal)
  const connection = await core.databases.connection({ id }, { signal: cli.signal })
  const { copied } = await cli.open()
  const text = await copied(() => core.databases.copy({ id, what }, { signal: cli.signal }))
  const { host, port, user, database, sslmode, tunnel, remotePort } = connection
  const parts = { host, port, user, database, sslmode, tunnel, remotePort }
  cli.out.result({ databaseId: id, name, format, text, ...parts }, () => text)
  if (!tunnel) return
  // The tunnel of this process ends with it: what counts is whether another one keeps it open.
  await core.tunnels.close({ databaseId: id })
  if (!(await isListening(port)))
    cli.out.note(
      `It works while a tunnel is open: "quayside tunnel ${reference}" in another terminal.`,
    )
}

/** `db password DATABASE` */
export const printPassword: Action = async (cli, [reference = ''], options) => {
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'either' } as const
  const { id } = await findDatabase(core, query, cli.signal)
  const { password } = await core.databases.reveal({ id }, { signal: cli.signal })
  cli.out.result({ databaseId: id, password }, () => password)
}
