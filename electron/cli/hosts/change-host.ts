import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { findHost } from '../find-host.ts'
import { parseInput } from '../parse-input.ts'
import { askSecret, givenSecret } from '../secret-input.ts'

/** `host remove NAME` */
export const removeHost: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const host = await findHost(core, name, cli.signal)
  await core.hosts.remove({ id: host.id }, { signal: cli.signal })
  cli.out.result({ id: host.id, name: host.name, removed: true }, () => `Removed ${host.name}.`)
}

/** `host trust-key NAME FINGERPRINT` */
export const trustKey: Action = async (cli, [name = '', fingerprint]) => {
  const core = await cli.coreWithSecrets()
  const host = await findHost(core, name, cli.signal)
  const input = parseInput(contract['hosts.trustNewKey'].input, { id: host.id, fingerprint })
  // The key to trust is the one the host shows now: it has to be asked first.
  await core.hosts.list({}, { signal: cli.signal })
  await core.hosts.trustNewKey(input, { signal: cli.signal })
  cli.out.result(
    { id: host.id, name: host.name, fingerprint: input.fingerprint },
    () => `${host.name} is trusted with ${input.fingerprint}.`,
  )
}

const secretSchema = z.object({
  secretFile: z.string().optional(),
  secretStdin: z.literal(true).optional(),
})

/** `host set-secret NAME` */
export const setSecret: Action = async (cli, [name = ''], given) => {
  const source = parseInput(secretSchema, given)
  const core = await cli.coreWithSecrets()
  const host = await findHost(core, name, cli.signal)
  const secret =
    (await givenSecret(source, cli)) ?? (await askSecret(cli.io, `secret of ${host.name}`))
  const input = parseInput(contract['hosts.setSecret'].input, { id: host.id, secret })
  await core.hosts.setSecret(input, { signal: cli.signal })
  cli.out.result({ id: host.id, name: host.name }, () => `Stored the secret of ${host.name}.`)
}

const settingsSchema = z.object({
  dataDirectory: z.string().optional(),
  volumes: z.literal(true).optional(),
})

/** `host set NAME` */
export const setHost: Action = async (cli, [name = ''], given) => {
  const { dataDirectory, volumes } = parseInput(settingsSchema, given)
  if ((dataDirectory === undefined) === (volumes === undefined))
    throw new QuaysideError('invalid_input', 'Give either --data-directory or --volumes.')
  const core = await cli.coreWithSecrets()
  const { id } = await findHost(core, name, cli.signal)
  const settings = { id, dataDirectory: dataDirectory ?? null }
  const input = parseInput(contract['hosts.update'].input, settings)
  const host = await core.hosts.update(input, { signal: cli.signal })
  const place = host.dataDirectory ?? 'Docker’s volumes'
  cli.out.result(host, () => `New databases on ${host.name} keep their data in ${place}.`)
}
