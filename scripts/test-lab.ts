import type { Lab } from '../test/lab/lab.ts'
import { ensureElectron } from './electron.ts'
import { say } from './program.ts'
import { ensureSystemLibraries, isDebian } from './system-libraries.ts'
import { labVariable } from './test-suite.ts'

/** Installs what the suites against the lab need; with `window` also what a window needs. */
export async function prepareForLab(window: boolean): Promise<void> {
  const forWindow = window ? (['window', 'display'] as const) : []
  await ensureSystemLibraries(['lab', 'keychain', ...forWindow])
  if (window) await ensureElectron()
}

/**
 * Brings up the nth lab of this run (the first is the checkout's own) for the work and takes it down
 * afterwards. The work gets the environment by which tests find that lab and no other.
 */
export async function withLab(
  nth: number,
  work: (env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
  const { openLab } = await import('../test/lab/lab.ts')
  const { currentInstance } = await import('../test/lab/instance.ts')
  const own = currentInstance().id
  // Eight characters at most, as an interface's name has no room for more.
  const name = nth === 1 ? own : `${own.slice(0, 7)}${nth}`
  say(`\n── the lab ${name} comes up ──`)
  const lab = await openLab({ hosts: 2, name })
  try {
    await work({ ...process.env, ...lab.env, QUAYSIDE_LAB: name, [labVariable]: description(lab) })
  } finally {
    await lab.down()
  }
}

function description({ hosts, local, env }: Lab): string {
  return JSON.stringify({ hosts, local, env })
}

/** Why the lab cannot run on this machine; undefined where it can. */
export function labObstacle(): string | undefined {
  if (process.platform !== 'linux')
    return 'The lab needs Linux: its hosts are network namespaces. Run these suites in a Debian machine.'
  if (process.getuid?.() !== 0)
    return 'The lab needs root: it makes network namespaces and starts Docker engines in them. Run `sudo npm test`.'
  if (!isDebian())
    return "The lab needs Debian or Ubuntu: its images are made of that system's packages."
  return undefined
}
