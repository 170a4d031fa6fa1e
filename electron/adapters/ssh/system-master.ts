import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { QuaysideError } from '../../../shared/errors.ts'
import { loginRefused } from './errors.ts'
import { keyType, knownHostsLine, parseKnownHosts } from './known-hosts.ts'
import { openOneDoor } from './one-door.ts'
import type { Target } from './target.ts'

/** Stands for the server in files and arguments, so that its name never meets ssh's own rules. */
const alias = 'quayside-host'
const readyWithinMs = 20_000
const lookEveryMs = 15

/** The system's `ssh`, logged in and waiting for programs that share its connection. */
export interface Master {
  /** Its folder, for it and this app alone; gone with it. */
  folder: string
  controlPath: string
  /** What it said last. */
  said(): string
  /** Resolves once it has ended. */
  ended: Promise<void>
  stop(): void
}

/**
 * Sees the key that a server shows, with the system's `ssh` and without a login.
 *
 * @param knownTypes asked for first
 * @returns null when no key was shown
 */
export async function seeHostKey(
  socket: Duplex,
  target: Target,
  knownTypes: readonly string[],
  signal: AbortSignal,
): Promise<Buffer | null> {
  const folder = await mkdtemp(join(tmpdir(), 'qs-'))
  const door = await openOneDoor(socket)
  const seen = join(folder, 'seen')
  const first = knownTypes.flatMap((type) =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type],
  )
  try {
    const order = first.length === 0 ? [] : ['-o', `HostKeyAlgorithms=^${first.join(',')}`]
    const words = [
      ...commonWords(target, door.port, seen, 'accept-new'),
      ...order,
      ...['-o', 'PreferredAuthentications=none', '--', alias, 'true'],
    ]
    const child = spawn('ssh', words, { stdio: 'ignore', signal, timeout: readyWithinMs })
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', () => resolve())
    })
    const lines = parseKnownHosts(await readFile(seen, 'utf8').catch(() => ''))
    return lines[0]?.blob ?? null
  } finally {
    door.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Logs in by the system's `ssh`, unattended: without a question, and to the server with this key
 * alone.
 *
 * @param socket the connection to the server; it is the master's from now on
 * @throws QuaysideError `login_refused`, `host_unreachable`; `ENOENT` where there is no `ssh`
 */
export async function startMaster(
  socket: Duplex,
  target: Target,
  hostKey: Buffer,
  signal: AbortSignal,
): Promise<Master> {
  const folder = await mkdtemp(join(tmpdir(), 'qs-'))
  const door = await openOneDoor(socket)
  const knownHosts = join(folder, 'known_hosts')
  const controlPath = join(folder, 'c')
  await writeFile(knownHosts, knownHostsLine(alias, hostKey), { mode: 0o600 })
  const words = [
    ...commonWords(target, door.port, knownHosts, 'yes'),
    ...['-M', '-N', '-T', '-S', controlPath, '-o', 'ControlPersist=no'],
    ...['-o', 'ServerAliveInterval=3', '-o', 'ServerAliveCountMax=4'],
    ...['-o', 'StreamLocalBindUnlink=yes', '-o', 'StreamLocalBindMask=0177'],
    ...['-o', `HostKeyAlgorithms=${algorithmsOf(hostKey)}`],
    ...loginWords(target),
    ...['--', alias],
  ]
  const child = spawn('ssh', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
  })
  let over = false
  let missing: Error | null = null
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true
      door.close()
      void rm(folder, { recursive: true, force: true }).then(() => resolve())
    }
    child.once('error', (error) => {
      missing = error
      end()
    })
    child.once('close', end)
  })
  const stop = () => {
    if (!over) child.kill('SIGTERM')
  }
  const late = AbortSignal.any([signal, AbortSignal.timeout(readyWithinMs)])
  try {
    while (!existsSync(controlPath)) {
      if (isOver()) throw whyOver()
      await delay(lookEveryMs, undefined, { signal: late })
    }
    return { folder, controlPath, said: () => said, ended, stop }
  } catch (error) {
    stop()
    await ended
    signal.throwIfAborted()
    throw late.aborted ? refusal(target, said) : error
  }

  function isOver(): boolean {
    return over
  }
  function whyOver(): Error {
    return missing ?? refusal(target, said)
  }
}

/** Only what Quayside says counts, no file of the user's: ssh config was read before. */
function commonWords(target: Target, port: number, knownHosts: string, strict: string): string[] {
  const options = [
    'BatchMode=yes',
    'HostName=127.0.0.1',
    `HostKeyAlias=${alias}`,
    `UserKnownHostsFile=${quotePath(knownHosts)}`,
    'GlobalKnownHostsFile=/dev/null',
    `StrictHostKeyChecking=${strict}`,
    'UpdateHostKeys=no',
    'CheckHostIP=no',
    'HashKnownHosts=no',
    'ForwardAgent=no',
    'ForwardX11=no',
    // Kerberos knows the server by its name, not by the door that leads to it.
    'IgnoreUnknown=GSSAPIServerIdentity',
    `GSSAPIServerIdentity=${target.host}`,
    ...target.sshOptions,
  ]
  const words = options.flatMap((option) => ['-o', option])
  return ['-F', 'none', '-p', String(port), '-l', target.user, ...words]
}

function loginWords({ login }: Target): string[] {
  const options = [
    // Files that are not there are left out by ssh itself; none at all would mean its own choice.
    ...(login.keyFiles.length === 0 ? ['none'] : login.keyFiles).map(
      (file) => `IdentityFile=${file === 'none' ? file : quotePath(file)}`,
    ),
    // Named by themselves they go first, and the server sees no key refused before one.
    ...login.keyFiles
      .map((file) => `${file}-cert.pub`)
      .filter((file) => existsSync(file))
      .map((file) => `CertificateFile=${quotePath(file)}`),
    ...(login.identitiesOnly || login.keyFilesRequired ? keyFilesOnly(login.keyFiles) : []),
    ...(login.agentSocket === null ? [] : [`IdentityAgent=${quotePath(login.agentSocket)}`]),
    'PasswordAuthentication=no',
    'KbdInteractiveAuthentication=no',
  ]
  return options.flatMap((option) => ['-o', option])
}

function keyFilesOnly(keyFiles: readonly string[]): string[] {
  return keyFiles.length === 0 ? [] : ['IdentitiesOnly=yes']
}

/** As a value in ssh config: percent signs and blanks stand for themselves. */
function quotePath(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`
}

function algorithmsOf(hostKey: Buffer): string {
  const type = keyType(hostKey) ?? ''
  return type === 'ssh-rsa' ? 'rsa-sha2-512,rsa-sha2-256' : type
}

function refusal(target: Target, said: string): QuaysideError {
  const detail = said.trim().slice(-500)
  const allowed = /Permission denied \(([^)]*)\)/.exec(detail)?.[1]
  if (allowed !== undefined) return loginRefused(target, ['the system’s ssh'], allowed.split(','))
  return new QuaysideError(
    'host_unreachable',
    `The system’s ssh did not get through to ${target.host}.`,
    { hint: `Try “ssh ${target.alias ?? target.host}” in a terminal.`, detail },
  )
}
