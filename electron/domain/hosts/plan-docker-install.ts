import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { DockerInstallPlan, InstallStep } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { HostRunner } from '../ports.ts'

// Runs under any POSIX shell; each line is a name, a tab and a value. PATH is widened as sshd's
// default leaves out where programs of an administrator lie.
const probe = `
PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
out() { printf '%s\\t%s\\n' "$1" "$2"; }
release() { (. /etc/os-release 2>/dev/null && eval "printf %s \\"\\$$1\\""); }
out user "$(id -un)"
out uid "$(id -u)"
out os "$(release PRETTY_NAME)"
out id "$(release ID)"
out version "$(release VERSION_ID)"
out apt "$(command -v apt-get)"
out sudo "$(sudo -n true 2>/dev/null && echo yes)"
out docker "$(command -v dockerd || command -v docker)"
out package "$(dpkg-query -W -f '\${Status}' docker.io 2>/dev/null)"
[ -d /run/systemd/system ] && out systemd yes
[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] && ! command -v apparmor_parser >/dev/null && out apparmor missing
exit 0
`

const text = z.string().catch('')
const factsSchema = z.object({
  user: text,
  uid: z.coerce.number().catch(-1),
  /** As users know it, `Debian GNU/Linux 12 (bookworm)`. */
  os: text,
  /** As os-release has it, `debian`. */
  id: text,
  version: text,
  apt: text,
  sudo: text,
  /** A program of Docker's, whoever brought it. */
  docker: text,
  /** What dpkg says of the distribution's package. */
  package: text,
  systemd: text,
  apparmor: text,
})
/** What decides how Docker is installed on a host. */
export type InstallFacts = z.infer<typeof factsSchema>

export async function readInstallFacts(
  runner: HostRunner,
  signal?: AbortSignal,
): Promise<InstallFacts> {
  const { stdout } = await runner.exec(['sh', '-c', probe], { signal })
  const pairs = stdout.split('\n').map((line) => line.split('\t'))
  return factsSchema.parse(Object.fromEntries(pairs.map(([name, value]) => [name, value ?? ''])))
}

/**
 * The commands that install Docker from the distribution's own packages.
 * @throws QuaysideError `install_unsupported`, with what to do by hand
 */
export function planDockerInstall(facts: InstallFacts, name: string): DockerInstallPlan {
  const os = facts.os === '' ? 'an unknown system' : facts.os
  if (!['debian', 'ubuntu'].includes(facts.id) || facts.apt === '') throw byHand(os, name)
  if (facts.docker !== '' && !facts.package.includes('installed')) throw anotherDocker(facts, name)
  const root = facts.uid === 0
  if (!root && facts.sudo === '') throw noRights(facts.user, name)

  const sudo = root ? '' : 'sudo -n '
  const apt = `${sudo}env LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get`
  const packages = packagesFor(facts)
  const steps: InstallStep[] = [
    {
      name: 'update',
      title: 'Read the lists of packages',
      command: `${apt} update`,
      changes: 'The lists of packages in /var/lib/apt. Nothing is installed yet.',
    },
    {
      name: 'install',
      title: `Install ${packages.join(' and ')}`,
      command: `${apt} install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold ${packages.join(' ')}`,
      changes: `${packages.join(', ')} and what ${packages.length > 1 ? 'they need' : 'it needs'}, from ${distribution(facts)}’s own packages. No package is removed, no source is added, and settings that are there stay.`,
    },
    {
      name: 'start',
      title: 'Start Docker',
      command: `${sudo}${facts.systemd === 'yes' ? 'systemctl enable --now docker' : 'service docker start'}`,
      changes: `Docker runs${facts.systemd === 'yes' ? ' now and after each start of the server' : ''}. It makes the network docker0 and rules of the firewall for containers.`,
    },
  ]
  if (!root) {
    steps.push({
      name: 'group',
      title: `Let ${facts.user} use Docker`,
      command: `${sudo}usermod -aG docker ${quoted(facts.user)}`,
      changes: `${facts.user} becomes a member of group docker, which is as much as being root.`,
    })
  }
  return {
    os,
    user: facts.user,
    as: root ? 'root' : 'sudo',
    steps,
    key: createHash('sha256')
      .update(JSON.stringify(steps.map(({ command }) => command)))
      .digest('hex'),
  }
}

/** Docker's program is a package of its own since Debian 13; without AppArmor's no container starts. */
function packagesFor({ id, version, apparmor }: InstallFacts): string[] {
  const apart = id === 'debian' && (version === '' || Number.parseInt(version, 10) >= 13)
  return [
    'docker.io',
    ...(apart ? ['docker-cli'] : []),
    ...(apparmor === 'missing' ? ['apparmor'] : []),
  ]
}

function distribution({ id }: InstallFacts): string {
  return id === 'ubuntu' ? 'Ubuntu' : 'Debian'
}

function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function byHand(os: string, name: string): QuaysideError {
  return new QuaysideError('install_unsupported', `Quayside can’t install Docker on ${name}.`, {
    hint: `It runs ${os}; Quayside installs on Debian and Ubuntu alone. Install Docker Engine as docs.docker.com/engine/install says for this system, then check again.`,
  })
}

function anotherDocker({ docker }: InstallFacts, name: string): QuaysideError {
  return new QuaysideError('install_unsupported', `${name} has a Docker already: ${docker}.`, {
    hint: 'It did not come with the distribution’s package docker.io, so Quayside leaves it alone. Start that one, then check again.',
    remedy: 'sudo systemctl enable --now docker',
  })
}

function noRights(user: string, name: string): QuaysideError {
  return new QuaysideError('install_unsupported', `${user} may not install anything on ${name}.`, {
    hint: 'It takes root, or sudo without a password. Run this on the server yourself, then check again.',
    remedy: `sudo apt-get update && sudo apt-get install docker.io && sudo usermod -aG docker ${quoted(user)}`,
  })
}
