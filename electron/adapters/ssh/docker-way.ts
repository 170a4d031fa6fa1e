import type { Duplex } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import { tryBySudo } from './docker-by-sudo.ts'
import { dockerDenied, dockerDown, isProhibited } from './errors.ts'
import type { HostFacts } from './host-facts.ts'
import type { Link, OpenOptions } from './link.ts'
import { quoteWords } from './quote.ts'

/** How Docker is reached on one host. */
export interface DockerWay {
  transport: 'stream-local' | 'dial-stdio'
  /** True where only sudo opens Docker's socket to this user. */
  sudo: boolean
  open(options: OpenOptions): Promise<Duplex>
  limits: string[]
}

const ownLogins =
  'The ssh of this computer cannot share a connection: each new one to Docker or a database logs in by itself, which takes its time.'
const slow =
  'The SSH server forbids forwarding to Docker’s socket (AllowStreamLocalForwarding no): calls are slower.'

/** Where Docker is to be found, before it is tried. */
export interface DockerPlace {
  /** Null where only Docker's own program knows the way. */
  socketPath: string | null
  program: string | null
}

/** @throws QuaysideError `docker_missing`, `docker_down` */
export function findDocker(facts: HostFacts, name: string): DockerPlace {
  const program = facts.program === '' ? null : facts.program
  if (/^(?:tcp|ssh|https?):/.test(facts.dockerHost) && program) return { socketPath: null, program }
  const socketPath = facts.sockets[0] ?? facts.denied[0]
  if (socketPath !== undefined) return { socketPath, program }
  if (program)
    throw new QuaysideError('docker_down', `Docker is installed on ${name} but does not run.`, {
      hint: 'Start it on the server, then check again.',
      remedy: 'sudo systemctl enable --now docker',
    })
  throw new QuaysideError('docker_missing', `There is no Docker on ${name}.`, {
    hint: 'On Debian and Ubuntu Quayside can install it. Elsewhere install Docker Engine yourself (docs.docker.com/engine/install), then check again.',
  })
}

/**
 * Opens a first connection to Docker: through its socket if this user may and sshd allows, else by
 * Docker's program, with sudo where the socket is closed to the user.
 *
 * @throws QuaysideError `docker_denied`, `docker_down`, `forwarding_denied`
 */
export async function tryDocker(
  link: Link,
  place: DockerPlace,
  facts: HostFacts,
  name: string,
  signal: AbortSignal,
): Promise<DockerWay> {
  const { socketPath, program } = place
  if (socketPath !== null && !facts.sockets.includes(socketPath))
    return await tryBySudo(link, place, facts, name, signal)
  let cause: unknown
  if (socketPath !== null && link.forwardsSockets) {
    try {
      const stream = await link.openSocket(socketPath, { signal })
      stream.destroy()
      return {
        transport: 'stream-local',
        sudo: false,
        open: (options) => link.openSocket(socketPath, options),
        limits: [],
      }
    } catch (error) {
      if (error instanceof QuaysideError || signal.aborted) throw error
      cause = error
    }
  }
  if (program === null) {
    if (!link.forwardsSockets) throw programNeeded(name)
    if (isProhibited(cause) || (socketPath !== null && (await listens(link, socketPath, signal))))
      throw socketForbidden(name, cause)
    throw dockerDown(name, cause)
  }
  await askByProgram(link, place, facts, name, signal)
  const command = dockerCommand(place, ['system', 'dial-stdio'])
  return {
    transport: 'dial-stdio',
    sudo: false,
    open: (options) => link.openCommand(command, options),
    limits: [link.forwardsSockets ? slow : ownLogins],
  }
}

function socketForbidden(name: string, cause: unknown): QuaysideError {
  return new QuaysideError(
    'forwarding_denied',
    `The SSH server of ${name} forbids forwarding to Docker’s socket.`,
    {
      hint: 'Set “AllowStreamLocalForwarding yes” in /etc/ssh/sshd_config and reload sshd, or install Docker’s command line there.',
      cause,
    },
  )
}

function programNeeded(name: string): QuaysideError {
  return new QuaysideError(
    'forwarding_denied',
    `Docker’s socket on ${name} cannot be reached from this computer.`,
    {
      hint: 'The ssh of this computer leads to no socket. Install Docker’s command line on the server: with it Quayside gets through.',
    },
  )
}

/** sshd does not tell a forbidden socket from a dead one; Docker's own program does. */
async function askByProgram(
  link: Link,
  place: DockerPlace,
  facts: HostFacts,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const command = dockerCommand(place, ['version', '--format', '{{.Server.Version}}'])
  const { code, stderr } = await link.run(command, { signal })
  if (code === 0) return
  const detail = stderr.trim().slice(0, 500)
  if (/permission denied/i.test(detail)) throw dockerDenied(facts, name, detail)
  throw dockerDown(name, detail)
}

function dockerCommand({ program, socketPath }: DockerPlace, words: string[]): string {
  const where = socketPath === null ? [] : ['-H', `unix://${socketPath}`]
  return quoteWords([program ?? 'docker', ...where, ...words])
}

/** True when a program listens on that socket. */
async function listens(link: Link, path: string, signal: AbortSignal): Promise<boolean> {
  const look = 'grep -qF "$(readlink -f "$1")" /proc/net/unix || grep -qF "$1" /proc/net/unix'
  const { code } = await link.run(quoteWords(['sh', '-c', look, 'sh', path]), { signal })
  return code === 0
}

/** False when sshd forbids forwarding; port 1 is only asked for, whether it answers or not. */
export async function mayForward(over: Link, signal: AbortSignal): Promise<boolean> {
  try {
    const stream = await over.openPort('127.0.0.1', 1, signal)
    stream.destroy()
    return true
  } catch (error) {
    if (signal.aborted || over.reason) throw error
    return !isProhibited(error)
  }
}
