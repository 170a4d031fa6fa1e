import type { DockerInstallPlan, HostCheck } from '../../shared/contract/hosts.ts'
import type { JobView } from '../../shared/contract/jobs.ts'
import { id, job, now } from './data.ts'

const apt = 'sudo -n env LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get'

/** What would install Docker on an invented host. */
export const installPlan: DockerInstallPlan = {
  os: 'Debian GNU/Linux 13 (trixie)',
  user: 'deploy',
  as: 'sudo',
  key: 'k',
  steps: [
    {
      name: 'update',
      title: 'Read the lists of packages',
      command: `${apt} update`,
      changes: 'The lists of packages in /var/lib/apt. Nothing is installed yet.',
    },
    {
      name: 'install',
      title: 'Install docker.io and docker-cli',
      command: `${apt} install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 docker.io docker-cli`,
      changes:
        'docker.io, docker-cli and what they need, from Debian’s own packages. No package is removed, no source is added, and settings that are there stay.',
    },
    {
      name: 'start',
      title: 'Start Docker',
      command: 'sudo -n systemctl enable --now docker',
      changes:
        'Docker runs now and after each start of the server. It makes the network docker0 and rules of the firewall for containers.',
    },
    {
      name: 'group',
      title: 'Let deploy use Docker',
      command: 'sudo -n usermod -aG docker deploy',
      changes: 'deploy becomes a member of group docker, which is as much as being root.',
    },
  ],
}

const begunAt = now - 95_000

/** Its installation, whose connection was lost amid the second command. */
export const cutInstall: JobView = job(40, 'Install Docker on homelab', {
  kind: 'install-docker',
  state: 'waiting',
  attempt: 3,
  endedAt: null,
  runAt: now + 9_000,
  createdAt: begunAt,
  startedAt: begunAt,
  databaseId: null,
  environment: null,
  hostId: id(3),
  hostName: 'homelab',
  error: {
    code: 'host_lost',
    message: 'The connection to homelab was lost.',
    hint: 'Quayside connects again by itself as soon as the host answers.',
  },
  steps: [...installPlan.steps, { name: 'check', title: 'Check that Docker can be used' }].map(
    ({ name, title }, n) => ({
      name,
      title,
      state: n === 0 ? 'done' : n === 1 ? 'failed' : 'waiting',
      fact: null,
      startedAt: n < 2 ? begunAt + n * 6000 : null,
      endedAt: n < 2 ? begunAt + 6000 + n * 60_000 : null,
    }),
  ),
})

/** A check that found no Docker, and looked at disk and clock all the same. */
export function withoutDocker(check: HostCheck): HostCheck {
  return {
    ...check,
    steps: check.steps.map((step) => {
      switch (step.name) {
        case 'docker':
          return {
            ...step,
            ms: 31,
            error: {
              code: 'docker_missing',
              message: 'There is no Docker on homelab.',
              hint: 'On Debian and Ubuntu Quayside can install it. Elsewhere install Docker Engine yourself (docs.docker.com/engine/install), then check again.',
            },
          }
        case 'disk':
          return { ...step, state: 'done', fact: '212 GB of 400 GB free, 32 GB memory', ms: 4 }
        case 'clock':
          return {
            ...step,
            state: 'warning',
            fact: '94 s behind this computer',
            ms: 0,
            error: {
              code: 'clock_wrong',
              message: 'The clock of homelab and this computer’s differ.',
              hint: 'One of them is wrong: times in logs, backups and rows will be too. Where it is the server, have it set its clock by the network; compare this computer’s settings as well.',
              remedy: 'sudo timedatectl set-ntp true && timedatectl',
            },
          }
        default:
          return step
      }
    }),
  }
}
