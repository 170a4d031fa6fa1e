import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A real sshd on the loopback with settings of a test's own: what the lab's hosts, which several
// suites share, must not be set to. Its Docker is one of the lab's.

export interface SshServer {
  readonly port: number
  readonly folder: string
  /** Path of a file among its keys: `id`, `id_locked` (passphrase `correct horse`), `stranger`. */
  file(name: string): string
  /** Starts it anew with other host keys or settings; sessions that are open go on. */
  restart(change: {
    hostKeys?: readonly HostKeyName[]
    settings?: readonly string[]
  }): Promise<void>
  log(): string
  stop(): Promise<void>
}

export const passphrase = 'correct horse'
export const password = 'battery staple'
export type HostKeyName = 'ed25519' | 'rsa' | 'other'

export async function startSshServer(request: {
  dockerSocket: string
  settings?: readonly string[]
  hostKeys?: readonly HostKeyName[]
  /** False for a server on which only Docker's engine is installed; true where left out. */
  dockerProgram?: boolean
}): Promise<SshServer> {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-sshd-'))
  const file = (name: string) => join(folder, name)
  makeKeys(folder)
  const port = await freePort()
  let settings = request.settings ?? []
  let hostKeys = request.hostKeys ?? ['ed25519', 'rsa']
  let process = await start()

  async function start(): Promise<ChildProcess> {
    const lines = [
      ...settings,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...hostKeys.map((name) => `HostKey ${file(`host_${name}`)}`),
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      `PidFile ${file('pid')}`,
      'StrictModes no',
      'UsePAM no',
      'UseDNS no',
      'PermitRootLogin yes',
      'MaxStartups 100',
    ]
    writeFileSync(file('config'), `${lines.join('\n')}\n`)
    rmSync(file('pid'), { force: true })
    // A mount namespace of its own, in which Docker's socket lies where it lies on any server, and
    // root has a password that the machine does not know.
    const hide =
      request.dockerProgram === false
        ? 'for program in $(which -a docker); do mount --bind /dev/null $program; done &&'
        : ''
    const script = `mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/sshd &&
      ln -s "$1" /run/docker.sock && ${hide} mount --bind "$2/shadow" /etc/shadow &&
      exec /usr/sbin/sshd -D -f "$2/config" -E "$2/log"`
    const child = spawn('unshare', ['-m', 'sh', '-c', script, 'sh', request.dockerSocket, folder], {
      stdio: 'ignore',
    })
    for (let i = 0; i < 500 && !existsSync(file('pid')); i++) await pause(20)
    if (!existsSync(file('pid'))) throw new Error(`sshd did not start: ${log()}`)
    return child
  }
  async function end(): Promise<void> {
    if (process.exitCode !== null) return
    const ended = once(process, 'exit')
    process.kill('SIGTERM')
    await ended
  }
  const log = () => (existsSync(file('log')) ? readFileSync(file('log'), 'utf8') : '')

  return {
    port,
    folder,
    file,
    log,
    async restart(change) {
      await end()
      settings = change.settings ?? settings
      hostKeys = change.hostKeys ?? hostKeys
      process = await start()
    },
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function makeKeys(folder: string): void {
  for (const name of ['host_ed25519', 'host_other', 'id', 'stranger']) makeKey(folder, name)
  slow ??= makeSlowFiles(folder)
  for (const [name, content] of slow) writeFileSync(join(folder, name), content, { mode: 0o600 })
  const authorized = ['id.pub', 'id_locked.pub'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  )
  writeFileSync(join(folder, 'authorized_keys'), authorized.join(''))
}

function makeKey(folder: string, name: string, type = 'ed25519', words = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', words, '-f', join(folder, name)])
}

/** What takes a second to make is the same for all servers of a process, by the file's name. */
let slow: ReadonlyMap<string, string> | undefined

function makeSlowFiles(folder: string): ReadonlyMap<string, string> {
  makeKey(folder, 'host_rsa', 'rsa')
  makeKey(folder, 'id_locked', 'ed25519', passphrase)
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password })
    .toString()
    .trim()
  const shadow = readFileSync('/etc/shadow', 'utf8').replace(/^root:[^:]*:/m, `root:${hash}:`)
  writeFileSync(join(folder, 'shadow'), shadow, { mode: 0o600 })
  const names = ['host_rsa', 'host_rsa.pub', 'id_locked', 'id_locked.pub', 'shadow']
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** A proxy in front of a server that can be made to fail as networks do. */
export interface Proxy {
  readonly port: number
  /** How many connections are open. */
  readonly open: number
  /** Ends every connection at once. */
  cut(): void
  /** Bytes are no longer passed on, and nobody is told: a half-open link. */
  stall(): void
  /** Refuses, or accepts again, new connections. */
  refuse(refusing: boolean): void
  stop(): Promise<void>
}

export async function startProxy(target: number): Promise<Proxy> {
  const pairs = new Set<[Socket, Socket]>()
  let stalled = false
  let refusing = false
  const server = createServer((near) => {
    if (refusing) return near.resetAndDestroy()
    const far = connect(target, '127.0.0.1')
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    stalled = false
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (chunk) => {
        if (!stalled) to.write(chunk)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const [near, far] of pairs) {
      near.destroy()
      far.destroy()
    }
  }
  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return pairs.size
    },
    cut,
    stall: () => {
      stalled = true
    },
    refuse: (now) => {
      refusing = now
    },
    async stop() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'quayside-home-'))
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  return home
}
