import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { mustRun, type ProgramResult } from '../../scripts/program.ts'
import type { HostConnection } from '../../shared/contract/hosts.ts'
import type { LabHost } from '../lab/description.ts'
import { openLab } from '../lab/lab.ts'

/** What databases are made of; the image is on the host before anything is measured. */
export const version = '15'
export const image = `postgres:${version}`

/** A lab of the bench's own: one host, and the machine's own ssh and docker commands led to it. */
export interface BenchLab {
  readonly host: LabHost
  /** How Quayside reaches the host. */
  readonly connection: HostConnection
  /** `user@address` for ssh, and behind `ssh://` for docker. */
  readonly target: string
  /** The environment in which `ssh` and `docker` reach the host without a question. */
  readonly env: NodeJS.ProcessEnv
  /** An empty folder for the data of a core. */
  readonly home: string
  /** Runs a shell command on the host itself, as root, without SSH. Throws where it fails. */
  onHost(script: string): Promise<string>
  down(): Promise<void>
}

/** Brings the lab up, under a name of this process alone: two runs at once must not share one. */
export async function openBenchLab(): Promise<BenchLab> {
  const lab = await openLab({ hosts: 1, name: `b${process.pid.toString(36)}` })
  const folder = await mkdtemp(join(tmpdir(), 'quayside-bench-'))
  const down = async () => {
    await lab.down()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const [host] = lab.hosts
    if (host === undefined) throw new Error('The lab has no host.')
    const { ssh } = host
    // The lab's keychain, for a core in this process.
    Object.assign(process.env, lab.env)
    const bench: BenchLab = {
      host,
      connection: {
        kind: 'ssh',
        address: ssh.host,
        port: ssh.port,
        user: ssh.user,
        login: { kind: 'key', path: ssh.keyPath },
      },
      target: `${ssh.user}@${ssh.host}`,
      env: await commandEnvironment(folder, host),
      home: join(folder, 'home'),
      onHost: async (script) => outputOf(await lab.exec(host.name, ['sh', '-ec', script])),
      down,
    }
    await mkdir(bench.home)
    await mustRun('ssh', [bench.target, 'true'], { env: bench.env })
    await bench.onHost(`docker pull --quiet ${image}`)
    return bench
  } catch (thrown) {
    await down()
    throw thrown
  }
}

/**
 * ssh looks for its settings in the home of the account and not where HOME says, and docker starts
 * whichever ssh comes first in PATH: so there is one that takes the settings it is given here.
 */
async function commandEnvironment(folder: string, { ssh }: LabHost): Promise<NodeJS.ProcessEnv> {
  const settings = join(folder, 'ssh_config')
  const programs = join(folder, 'bin')
  await writeFile(
    settings,
    [
      'BatchMode yes',
      'IdentitiesOnly yes',
      `IdentityFile ${ssh.keyPath}`,
      'StrictHostKeyChecking accept-new',
      `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
      'LogLevel ERROR',
      '',
    ].join('\n'),
  )
  await mkdir(programs)
  const real = (await mustRun('sh', ['-c', 'command -v ssh'])).trim()
  await writeFile(join(programs, 'ssh'), `#!/bin/sh\nexec ${real} -F ${settings} "$@"\n`)
  await chmod(join(programs, 'ssh'), 0o755)
  return {
    ...process.env,
    PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
    // No context of the person at the terminal.
    DOCKER_CONFIG: join(folder, 'docker-cli'),
  }
}

function outputOf({ code, stdout, stderr }: ProgramResult): string {
  if (code === 0) return stdout
  throw new Error(`A command failed on the host (${code ?? 'no exit code'}). ${stderr.trim()}`)
}
