import { runProgram } from '../../scripts/program.ts'
import { createContext, type HostContext } from './context.ts'
import { answers } from './engine.ts'
import { engineOf } from './engines.ts'
import { sshdRuns } from './sshd.ts'
import type { Instance } from './instance.ts'
import { readState } from './state.ts'

/** What of the lab runs, as text or JSON. */
export async function labStatus(instance: Instance, { json }: { json: boolean }): Promise<string> {
  const state = readState(instance)
  const lab = state && createContext(instance, state)
  const services = ['registry', 'hub', 'bus', 'keyring', 'proxy'].map((name) => ({
    name,
    running: lab?.running(name) !== undefined,
  }))
  const hosts = await Promise.all((lab?.hosts ?? []).map(hostStatus))
  const local = { dockerd: lab !== undefined && (await answers(engineOf(lab, 'local').socket)) }
  if (json)
    return JSON.stringify({ id: instance.id, up: lab !== undefined, services, local, hosts })
  if (!lab) return `The lab ${instance.id} is not up.`
  const word = (good: boolean) => (good ? 'runs' : 'does not run')
  return [
    `The lab ${instance.id} is up, in ${instance.folder}.`,
    ...services.map(({ name, running }) => `${name}: ${word(running)}`),
    `local: dockerd ${word(local.dockerd)}`,
    ...hosts.map(
      ({ name, address, cable, dockerd, sshd }) =>
        `${name} (${address}): cable ${cable ? 'plugged' : 'pulled'}, dockerd ${word(dockerd)}, sshd ${word(sshd)}`,
    ),
  ].join('\n')
}

async function hostStatus(host: HostContext) {
  const link = await runProgram('ip', ['-o', 'link', 'show', 'dev', host.link, 'up'])
  const alive = host.lab.running(`${host.name}-init`) !== undefined
  return {
    name: host.name,
    address: host.address,
    cable: link.stdout.trim() !== '',
    dockerd: alive && (await answers(host.socket)),
    sshd: alive && (await sshdRuns(host)),
  }
}
