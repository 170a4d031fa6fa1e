import { ensureSystemLibraries, isDebian } from '../../scripts/system-libraries.ts'
import { LabError } from './lab-error.ts'

/** Makes the machine ready for the lab, or says what it lacks (exit code 3). */
export async function prepareMachine(): Promise<void> {
  const lacks = obstacle()
  if (lacks !== undefined) throw new LabError(lacks, { exitCode: 3 })
  const missing = await ensureSystemLibraries(['lab', 'keychain'])
  if (missing.length > 0) {
    throw new LabError(`The lab lacks ${missing.join(', ')}.`, { exitCode: 3 })
  }
}

function obstacle(): string | undefined {
  if (process.platform !== 'linux') {
    return `The lab needs Linux: its hosts are network namespaces. This is ${process.platform}: run it in a Debian machine.`
  }
  if (!isDebian()) {
    return 'The lab needs Debian or Ubuntu: it installs docker.io, docker-registry, debootstrap and others by apt-get.'
  }
  if (process.getuid?.() !== 0) {
    return 'The lab needs root: it makes network namespaces and starts Docker engines in them. Run it by sudo.'
  }
  return undefined
}
