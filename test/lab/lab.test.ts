import { randomBytes } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../../scripts/program.ts'
import { cgroupsOf } from './cgroups.ts'
import type { LabHost } from './description.ts'
import { mountsOf } from './down.ts'
import { instanceNamed } from './instance.ts'
import { openLab, type Lab } from './lab.ts'
import { greeting, reach, ssh } from './probe.ts'
import { markedProcesses } from './processes.ts'

// A lab of its own: this one is taken down, and other suites may be using theirs.
const instance = instanceNamed(`t${randomBytes(3).toString('hex')}`)
const password = 'never-shown-5e1f'
let lab: Lab
let h1: LabHost
let h2: LabHost

beforeAll(async () => {
  lab = await openLab({ hosts: 2, name: instance.id })
  const [first, second] = lab.hosts
  if (!first || !second) throw new Error('The lab has no two hosts.')
  h1 = first
  h2 = second
})

afterEach(() => lab.fault.clear())

afterAll(async () => {
  await lab.down()
  expect(await traces()).toEqual([])
})

describe('a host', () => {
  it('lets in each of its users, and Docker those who may', async () => {
    const { root, rootEncrypted, deploy, nodocker, pass } = h1.accounts
    const version = 'docker version --format "{{.Server.Version}}"'
    for (const account of [root, rootEncrypted, deploy, pass]) {
      expect(await ssh(h1, account, `whoami; ${version}`)).toMatch(
        new RegExp(`^${account.user}\n\\d+\\.\\d+`),
      )
    }
    expect(await ssh(h1, nodocker, version)).toContain('permission denied')
    expect(await ssh(h1, root, 'hostname')).toBe('h1\n')
  })

  it('refuses a wrong password', async () => {
    await expect(ssh(h1, { user: 'pass', password: 'wrong' }, 'true')).rejects.toThrow(
      'authentication',
    )
  })

  it('shows the host key that was told', async () => {
    const { stdout } = await runProgram('ssh-keyscan', ['-t', 'ed25519', h1.ssh.host])
    const shown = await runProgram('ssh-keygen', ['-lf', '-'], { input: stdout })
    expect(shown.stdout).toContain(h1.ssh.hostKeyFingerprint)
  })

  it('runs a pulled PostgreSQL that only its own loopback reaches, and keeps the password out of its arguments', async () => {
    const pulled = await lab.docker('h1', ['pull', 'postgres:15'])
    expect(pulled.stdout).toContain('Pull complete')
    const folder = join(instance.folder, 'secret')
    writeFileSync(folder, password, { mode: 0o400 })
    await docker(
      'h1',
      'create',
      '--name',
      'db',
      '--publish',
      '127.0.0.1:5499:5432',
      '--env',
      'POSTGRES_PASSWORD_FILE=/run/password',
      'postgres:15',
    )
    await docker('h1', 'cp', folder, 'db:/run/password')
    await docker('h1', 'start', 'db')
    const query = (secret: string) =>
      lab.exec('h1', [
        'env',
        `PGPASSWORD=${secret}`,
        'psql',
        '-h',
        '127.0.0.1',
        '-p',
        '5499',
        '-U',
        'postgres',
        '-Atc',
        'select 6 * 7',
      ])
    await expect.poll(() => query(password), { timeout: 30_000 }).toMatchObject({ stdout: '42\n' })
    expect((await query('wrong')).stderr).toContain('password authentication failed')
    await expect(reach(h1.ssh.host, 5499)).rejects.toThrow('ECONNREFUSED')
    await expect(reach('127.0.0.1', 5499)).rejects.toThrow('ECONNREFUSED')
    const read = (file: string) => lab.exec('h1', ['sh', '-c', `cat /proc/[0-9]*/${file}`])
    const [commands, environments] = [await read('cmdline'), await read('environ')]
    expect(commands.stdout).toContain('postgres')
    expect(commands.stdout).not.toContain(password)
    // As the public image leaves it: to keep it out of there is up to the product.
    expect(environments.stdout).toContain(`POSTGRES_PASSWORD=${password}`)
    await docker('h1', 'rm', '--force', '--volumes', 'db')
  })

  it('answers as the public registry does for what is not there', async () => {
    const { stderr } = await lab.docker('h1', ['pull', 'postgres:0'])
    expect(stderr).toContain('manifest for postgres:0 not found')
  })
})

it('has an engine in the network of the machine', async () => {
  expect((await docker('local', 'network', 'inspect', 'bridge')).stdout).toContain('10.77.')
})

it('comes up again without disturbing what runs', async () => {
  const before = await lab.exec('h1', ['cat', '/run/dockerd.pid'])
  const again = await openLab({ hosts: 2, name: instance.id })
  expect(again.hosts).toEqual(lab.hosts)
  expect(await lab.exec('h1', ['cat', '/run/dockerd.pid'])).toEqual(before)
})

describe('faults', () => {
  it('cable: connections fall silent and live on', async () => {
    const socket = await reach(h1.ssh.host, 22)
    await lab.fault.cable.pull('h1')
    await expect(reach(h1.ssh.host, 22, 1_000)).rejects.toThrow('timeout')
    expect(await ssh(h2, h2.accounts.root, 'hostname')).toBe('h2\n')
    await lab.fault.cable.plug('h1')
    expect(socket.destroyed).toBe(false)
    socket.destroy()
    expect(await ssh(h1, h1.accounts.root, 'hostname')).toBe('h1\n')
  })

  it('proxy: delays, limits, stalls, cuts, refuses', async () => {
    const { host, port } = h1.proxy
    expect(await greeting(host, port)).toBeLessThan(150)
    await lab.fault.proxy.delay('h1', 200)
    expect(await greeting(host, port)).toBeGreaterThan(190)
    await lab.fault.proxy.rate('h1', 20_000)
    const started = performance.now()
    expect(
      await ssh(
        { ...h1, ssh: { ...h1.ssh, host, port } },
        h1.accounts.root,
        'head -c 30000 /dev/zero | tr "\\0" x',
      ),
    ).toHaveLength(30_000)
    expect(performance.now() - started).toBeGreaterThan(1_300)
    await lab.fault.proxy.stall('h1')
    await expect(greeting(host, port)).rejects.toThrow('timeout')
    await lab.fault.proxy.clear('h1')
    const socket = await reach(host, port)
    const reset = new Promise<string>((resolve) => {
      socket.on('error', (error) => resolve(error.message))
    })
    await lab.fault.proxy.cut('h1', { refuse: true })
    expect(await reset).toContain('ECONNRESET')
    await expect(reach(host, port)).rejects.toThrow('ECONNREFUSED')
    await lab.fault.proxy.clear('h1')
    expect(await greeting(host, port)).toBeLessThan(150)
  })

  it('docker: stops, starts, crashes', async () => {
    const answers = async () => (await lab.docker('h1', ['version'])).code === 0
    await lab.fault.docker.stop('h1')
    expect(await answers()).toBe(false)
    await lab.fault.docker.start('h1')
    expect(await answers()).toBe(true)
    await lab.fault.docker.kill('h1')
    expect(await answers()).toBe(false)
    await lab.fault.docker.restart('h1')
    expect(await answers()).toBe(true)
  })

  it('disk: there is no room for a volume', async () => {
    await lab.fault.disk.fill('h2')
    const pulled = await lab.docker('h2', ['pull', 'postgres:15'])
    expect(pulled.stderr).toContain('no space left on device')
    await lab.fault.disk.free('h2')
    expect((await lab.docker('h2', ['pull', 'postgres:15'])).code).toBe(0)
    await lab.fault.image.forget('h2')
    expect((await lab.docker('h2', ['image', 'ls', '-q'])).stdout).toBe('')
  })

  it('hostkey: another one, and the old one again', async () => {
    const fresh = await lab.fault.hostkey.new('h1')
    expect(fresh).toMatch(/^SHA256:[\w+/]{43}$/)
    expect(fresh).not.toBe(h1.ssh.hostKeyFingerprint)
    expect(await lab.fault.hostkey.restore('h1')).toBe(h1.ssh.hostKeyFingerprint)
  })

  it('sshd: other settings, and none at all', async () => {
    await lab.fault.sshd.set('h1', ['PubkeyAuthentication no'])
    await expect(ssh(h1, h1.accounts.root, 'true')).rejects.toThrow('authentication')
    await lab.fault.sshd.reset('h1')
    expect(await ssh(h1, h1.accounts.root, 'hostname')).toBe('h1\n')
    await lab.fault.sshd.stop('h1')
    await expect(reach(h1.ssh.host, 22)).rejects.toThrow('ECONNREFUSED')
  })

  it('port, socket, registry and keychain', async () => {
    await lab.fault.port.hold('h1', 15432)
    const listener = await lab.exec('h1', ['ss', '-ltn', 'sport', '=', '15432'])
    expect(listener.stdout).toContain('127.0.0.1:15432')
    await lab.fault.socket.hide('h1')
    expect(await ssh(h1, h1.accounts.root, 'docker version')).toContain('Cannot connect')
    await lab.fault.registry.stop()
    expect((await lab.docker('h2', ['pull', 'postgres:15'])).stderr).toContain('connection refused')
    await lab.fault.keychain.stop()
    expect(await secrets()).toContain('ServiceUnknown')
    await lab.fault.clear()
    expect((await lab.exec('h1', ['ss', '-ltn', 'sport', '=', '15432'])).stdout).not.toContain(
      ':15432',
    )
    expect(await ssh(h1, h1.accounts.root, 'docker version')).toContain('Server')
    expect(await secrets()).not.toContain('ServiceUnknown')
  })
})

/** What is left of the lab on this machine. */
async function traces(): Promise<string[]> {
  const links = (await runProgram('ip', ['-o', 'link'])).stdout.split('\n')
  const loops = (await runProgram('losetup', ['-a'])).stdout.split('\n')
  const temporary = readdirSync('/tmp').filter((name) =>
    name.startsWith(`quayside-lab-${instance.id}`),
  )
  return [
    ...links.filter((line) => line.includes(instance.bridge)),
    ...loops.filter((line) => line.includes(instance.folder)),
    ...temporary,
    ...mountsOf(instance),
    ...cgroupsOf(instance),
    ...markedProcesses(instance.id).map(({ pid }) => `process ${pid}`),
  ]
}

async function docker(host: string, ...args: string[]) {
  const result = await lab.docker(host, args)
  expect(result.stderr).toBe('')
  return result
}

async function secrets(): Promise<string> {
  const { stdout, stderr } = await runProgram(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.secrets',
      '/org/freedesktop/secrets',
      'org.freedesktop.DBus.Peer.Ping',
    ],
    { env: { ...process.env, ...lab.env } },
  )
  return stdout + stderr
}
