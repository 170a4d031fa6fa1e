import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyType, knownHostsLine } from './known-hosts.ts'
import type { Target } from './target.ts'

/** Stands for the server in files and arguments, so that its name never meets ssh's own rules. */
const alias = 'quayside-host'

/** Behind the words of a login: whom it goes to. */
export const destination = ['--', alias]

/** How the system's `ssh` logs in to a server, unattended: without a question, to this key alone. */
export interface SystemLogin {
  target: Target
  /** For `ssh` and this app alone. */
  folder: string
  /** @param port the door on the loopback that leads to the server */
  words(port: number): string[]
  /** Removes the folder. */
  remove(): Promise<void>
}

export async function makeLogin(target: Target, hostKey: Buffer): Promise<SystemLogin> {
  const folder = await mkdtemp(join(tmpdir(), 'qs-'))
  const knownHosts = join(folder, 'known_hosts')
  await writeFile(knownHosts, knownHostsLine(alias, hostKey), { mode: 0o600 })
  return {
    target,
    folder,
    words: (port) => [
      ...commonWords(target, port, knownHosts, 'yes'),
      ...['-T', '-o', 'ServerAliveInterval=3', '-o', 'ServerAliveCountMax=4'],
      ...['-o', `HostKeyAlgorithms=${algorithmsOf(hostKey)}`],
      ...loginWords(target),
    ],
    // On Windows a file that is still open is not removed: a program that was killed closes it soon.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }),
  }
}

/** Only what Quayside says counts, no file of the user's: ssh config was read before. */
export function commonWords(
  target: Target,
  port: number,
  knownHosts: string,
  strict: 'yes' | 'accept-new',
): string[] {
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
    ...target.sshOptions.map(quoteOption),
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

/** Paths among the options may have blanks. Only in that of a certificate is a percent sign special. */
function quoteOption(option: string): string {
  const [word = '', ...rest] = option.split('=')
  const value = rest.join('=')
  if (word === 'certificatefile') return `${word}=${quotePath(value)}`
  return word.endsWith('provider') ? `${word}="${forwardSlashes(value)}"` : option
}

/** As a value in ssh config: percent signs and blanks stand for themselves, and so do slashes. */
export function quotePath(path: string, windows?: boolean): string {
  return `"${forwardSlashes(path, windows).replaceAll('%', '%%')}"`
}

/** ssh takes a backslash before some letters for the sign that they stand for themselves. */
function forwardSlashes(path: string, windows = process.platform === 'win32'): string {
  return windows ? path.replaceAll('\\', '/') : path
}

function algorithmsOf(hostKey: Buffer): string {
  const type = keyType(hostKey) ?? ''
  return type === 'ssh-rsa' ? 'rsa-sha2-512,rsa-sha2-256' : type
}
