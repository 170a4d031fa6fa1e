import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { repository } from '../../scripts/program.ts'
import { LabError } from './lab-error.ts'

/** One lab on this machine; several run side by side. */
export type Instance = {
  readonly id: string
  /** Where everything of it lies. Short: a Unix socket's path has at most 107 characters. */
  readonly folder: string
  /** The network interface all its hosts hang on; those of the hosts have a number appended. */
  readonly bridge: string
  /** The parent of its containers' control groups. */
  readonly cgroup: string
  readonly stateFile: string
  readonly lockFile: string
}

// An interface's name has at most 15 characters: `ql`, the id, a dash and the host's number.
const idPattern = /^[a-z0-9]{1,8}$/

/** The lab that QUAYSIDE_LAB names, else the one of this checkout. */
export function currentInstance(environment: NodeJS.ProcessEnv = process.env): Instance {
  return instanceNamed(environment['QUAYSIDE_LAB'] || idOfFolder(repository))
}

/** The lab of this id. Throws where the id would not do as a part of an interface's name. */
export function instanceNamed(id: string): Instance {
  if (!idPattern.test(id)) {
    throw new LabError(`QUAYSIDE_LAB is "${id}", but has to be 1 to 8 small letters and digits.`, {
      exitCode: 2,
    })
  }
  const folder = `/tmp/quayside-lab-${id}`
  return {
    id,
    folder,
    bridge: `ql${id}`,
    cgroup: `quayside-lab-${id}`,
    stateFile: join(folder, 'state.json'),
    lockFile: `${folder}.lock`,
  }
}

function idOfFolder(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 6)
}
