import type { InstallStep } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'

/** True when another apt or dpkg holds what this one needs; that passes by itself. */
export function isLocked(code: number, output: string): boolean {
  return (
    code !== 0 &&
    /^E: (?:Could not get lock|Unable to (?:acquire|lock))|It is held by process/m.test(output)
  )
}

/** Why a command of an installation did not do what it should; null where it did. */
export function failureOf(
  step: InstallStep,
  code: number,
  output: string,
  name: string,
): QuaysideError | null {
  const failed = (message: string, hint: string, remedy?: string) =>
    new QuaysideError('install_failed', message, { hint, remedy, detail: tail(step, output) })
  if (code === 0 && !(step.name === 'update' && nothingRead(output))) return null
  if (isLocked(code, output))
    return failed(
      `Another installation is at work on ${name}.`,
      'It may be the server’s automatic updates. Wait until it has ended, then retry.',
      'sudo fuser -v /var/lib/dpkg/lock-frontend',
    )
  if (/dpkg was interrupted/.test(output))
    return failed(
      `An earlier installation on ${name} was interrupted.`,
      'Finish it on the server, then retry.',
      'sudo dpkg --configure -a',
    )
  if (/No space left on device|You don't have enough free space/.test(output))
    return new QuaysideError('disk_full', `The disk of ${name} is full.`, {
      hint: 'Free some room there, then retry.',
      remedy: 'df -h / /var',
      detail: tail(step, output),
    })
  if (step.name === 'update' || /Failed to fetch|Unable to fetch|Unable to connect/.test(output))
    return failed(
      `${name} can’t reach its package mirrors.`,
      'Check its network and name server, the sources in /etc/apt, and a proxy it may need. Then retry; what was done stays.',
      'sudo apt-get update',
    )
  if (/Unable to locate package|has no installation candidate/.test(output))
    return failed(
      `The package sources of ${name} have no docker.io.`,
      'Add the distribution’s own source (on Ubuntu its component universe) in /etc/apt, then retry.',
    )
  if (/Packages need to be removed/.test(output))
    return failed(
      `Other packages on ${name} are in the way of docker.io.`,
      'Quayside removes none. See which they are in the technical cause, and decide there.',
    )
  if (step.name === 'start')
    return failed(
      `Docker is installed on ${name} but does not start.`,
      'Look at its log on the server, then retry.',
      'sudo journalctl -u docker -n 50 --no-pager',
    )
  return failed(
    `“${step.title}” failed on ${name} with code ${code}.`,
    'The technical cause holds what the server said. Mend it there, then retry.',
  )
}

/** apt-get update ends well also where no source answered. */
function nothingRead(output: string): boolean {
  return /^Err:/m.test(output) && !/^(?:Hit|Get):/m.test(output)
}

function tail({ command }: InstallStep, output: string): string {
  return `${command}\n${output.trim().slice(-4_000)}`
}
