import type { Action } from '../command.ts'
import { findDestination } from './find-destination.ts'

/** `destination rotate-key NAME` */
export const rotateKey: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id } = await findDestination(core, name, cli.signal)
  const made = await core.destinations.rotateKey({ id }, { signal: cli.signal })
  cli.out.result({ id, name, ...made }, () => `Backups at ${name} get a new key from now on.`)
}
