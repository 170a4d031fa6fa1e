import { join } from 'node:path'
import { runProgram, type ProgramResult } from '../../scripts/program.ts'
import type { LabContext } from './context.ts'
import type { Engine } from './engine.ts'
import { hubCertificate } from './hub.ts'
import { insideCommand } from './inside.ts'

// In the machine's own network an engine must change no rule and touch no other engine: it takes the
// lab's bridge, and publishes ports by its proxy alone.
const inMachineNetwork = [
  '--iptables=false',
  '--ip6tables=false',
  '--ip-forward=false',
  '--ip-masq=false',
]

/**
 * The engine of a host; `local` is this computer's own Docker, `builder` the one that builds images.
 * A host's engine listens twice: where every server has it, and where the machine reaches it.
 */
export function engineOf(lab: LabContext, name: string): Engine {
  const { instance, registry } = lab
  const folder = join(instance.folder, name)
  const mirror = `${registry.host}:${registry.port}`
  const machine = name === 'local' || name === 'builder'
  return {
    inside: (argv) => insideCommand(lab, name, argv),
    labId: instance.id,
    folder,
    socket: join(folder, 'docker.sock'),
    env: { SSL_CERT_FILE: hubCertificate(lab) },
    args: [
      ...['--group', 'docker', '--cgroup-parent', `/${instance.cgroup}-${name}`],
      ...['--registry-mirror', `http://${mirror}`, '--insecure-registry', mirror],
      ...(machine
        ? [...inMachineNetwork, '--bridge', instance.bridge, '--fixed-cidr', containerRange(lab)]
        : ['--host', 'unix:///run/docker.sock']),
    ],
  }
}

/** Runs the docker command against an engine of the lab; never rejects. */
export function docker(
  lab: LabContext,
  name: string,
  args: readonly string[],
): Promise<ProgramResult> {
  const socket = name === 'local' ? engineOf(lab, name).socket : lab.host(name).socket
  // Not the settings of the person at the terminal: a context of theirs would lead elsewhere.
  const env = { ...process.env, DOCKER_CONFIG: join(lab.instance.folder, 'docker-cli') }
  return runProgram('docker', ['-H', `unix://${socket}`, ...args], { env })
}

// The upper half of the lab's subnet: its hosts are in the lower one.
function containerRange({ state }: LabContext): string {
  return `10.77.${state.subnet}.128/25`
}
