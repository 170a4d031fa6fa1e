import { generateKeyPairSync } from 'node:crypto'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { mustRun, repository } from '../../scripts/program.ts'
import { contract, type MethodName, type MethodOutput } from '../../shared/contract/index.ts'
import { clearHost } from './clear-host.ts'
import { openFeed, type Feed } from './update-feed-server.ts'
import { addThisComputer, createDatabase, psql } from './window-steps.ts'

// What a user installs: built, unpacked as dpkg does it, and started. Its fuses keep the driver of the
// other tests out, so the window is driven by Chromium's own debugging port.

let folder: string
let program: string
let feed: Feed
const socket = () => inject('lab').local.dockerSocket

const deb = join(repository, `dist/quayside_${manifest.version}_amd64.deb`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quayside-package-'))
  feed = await openFeed(folder)
  await mustRun(process.execPath, ['scripts/package.ts', '--quick'], {
    env: { ...process.env, ...feed.environment },
  })
  await mustRun('dpkg-deb', ['--extract', deb, folder])
  program = join(folder, 'opt/Quayside/quayside')
}, 180_000)
afterAll(async () => {
  await feed.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the package', () => {
  test('brings a program, a name on the path, an entry for the menu and icons', async () => {
    expect((await stat(program)).mode & 0o111).toBe(0o111)
    const entry = await readFile(join(folder, 'usr/share/applications/quayside.desktop'), 'utf8')
    expect(entry).toContain('Exec=/opt/Quayside/quayside')
    expect(existsSync(join(folder, 'usr/share/icons/hicolor/256x256/apps/quayside.png'))).toBe(true)
  })

  test('has its fuses set', async () => {
    const fuses = await getCurrentFuseWire(program)
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ]
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ]
    for (const fuse of on) expect(fuses[fuse], FuseV1Options[fuse]).toBe(FuseState.ENABLE)
    for (const fuse of off) expect(fuses[fuse], FuseV1Options[fuse]).toBe(FuseState.DISABLE)
  })

  test('is the command line, too', async () => {
    const { stdout } = await promisify(execFile)(program, [...flags, '--version'], {
      env: { ...process.env, QUAYSIDE_HOME: join(folder, 'cli') },
    })
    expect(stdout.trim()).toBe(manifest.version)
  })

  test('opens its window, creates a database, and the database answers', async () => {
    const started = await start(join(folder, 'home'))
    try {
      const { page } = started
      await addThisComputer(page, socket(), 'packed')
      await createDatabase(page, { name: 'packed', version: '15' })
    } finally {
      await started.stop()
    }
    const { stdout: url } = await cli('db', 'url', 'packed')
    expect(await psql(url.trim(), 'SELECT 6 * 7')).toBe('42')
  })

  // Unencrypted: the keychain has one recovery key, and another test meets the app without one.
  test('backs it up in a thread of its own, by a compression that it brings with it', async () => {
    const backups = join(folder, 'backups')
    await mkdir(backups)
    await cli('destination', 'add', 'disk', '--kind', 'local-folder', '--set', `folder=${backups}`)
    const started = await start(join(folder, 'home'))
    try {
      const ask = <N extends MethodName>(name: N, input: unknown) =>
        askCore(started.page, name, input)
      const [database] = await ask('databases.list', {})
      const [destination] = await ask('destinations.list', {})
      await ask('backups.create', {
        databaseId: database?.id,
        destinationIds: [destination?.id],
        codec: 'lz4',
        encrypt: false,
      })
      const copies = async () => (await ask('backups.list', {})).flatMap((backup) => backup.copies)
      await expect
        .poll(copies, { timeout: 60_000 })
        .toMatchObject([{ verifiedAt: expect.any(Number) as number, problem: null }])
    } finally {
      await started.stop()
    }
    const files = await readdir(backups, { recursive: true })
    expect(files).toContainEqual(expect.stringMatching(/\.dump\.lz4$/))
    const log = await readFile(join(folder, 'home/logs/quayside.log'), 'utf8')
    expect(log).not.toContain('the thread of heavy jobs')
    await clearHost(socket())
  })

  test('has the libraries of every destination in it', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const keyFile = { type: 'service_account', client_email: 'a@b.test', private_key: privateKey }
    const destinations = {
      s3: ['accessKeyId=a\nsecretAccessKey=b', 'bucket=shop'],
      gcs: [JSON.stringify(keyFile), 'bucket=shop'],
      azure: [Buffer.alloc(32).toString('base64'), 'account=shop', 'container=shop'],
    }
    for (const [kind, [secret = '', ...fields]] of Object.entries(destinations)) {
      const set = ['--set', ...fields, 'endpoint=http://127.0.0.1:1']
      const source = ['--secret-file', await secretFile(secret)]
      // Nothing listens there; a library that is missing would say something else.
      await expect(
        cli('destination', 'add', kind, '--kind', kind, ...set, ...source),
      ).rejects.toMatchObject({
        stderr: expect.stringContaining('The destination can’t be reached.') as unknown,
      })
    }
  })
})

/** Calls the core as the window does. */
async function askCore<N extends MethodName>(
  page: Page,
  name: N,
  input: unknown,
): Promise<MethodOutput<N>> {
  const reply = await page.evaluate(([method, data]) => window.quayside.invoke(method, data), [
    name,
    input,
  ] as const)
  if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`)
  return contract[name].output.parse(reply.value) as MethodOutput<N>
}

/** Runs a command over the data of the app that the tests open. */
function cli(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(program, [...flags, ...args], {
    env: { ...process.env, QUAYSIDE_HOME: join(folder, 'home') },
  })
}

async function secretFile(secret: string): Promise<string> {
  const file = join(folder, 'secret')
  await writeFile(file, secret, { mode: 0o600 })
  return file
}

describe('an update from a local feed', () => {
  test('is fetched and ready where its channel file is signed', async () => {
    await feed.publish('99.0.0', deb)
    const line = await logLineOf('an update is ready', join(folder, 'updated'))
    expect(line).toContain('99.0.0')
    expect(feed.asked).toContain(`/${basename(deb)}`)
  })

  test('is refused before a byte of it is fetched where another key signed', async () => {
    await feed.publish('99.0.1', deb, generateKeyPairSync('ed25519').privateKey)
    const line = await logLineOf('there is no update to be had', join(folder, 'kept'))
    expect(line).toContain('update_not_trusted')
    expect(feed.asked).not.toContain(`/${basename(deb)}`)
  })
})

/** Starts the app until a line of its log says this. */
async function logLineOf(message: string, home: string): Promise<string> {
  const child = spawn(program, flags, {
    env: { ...process.env, QUAYSIDE_HOME: home, XDG_CACHE_HOME: join(home, 'cache') },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  try {
    const read = async () => {
      const log = await readFile(join(home, 'logs/quayside.log'), 'utf8').catch(() => '')
      return log.split('\n').find((line) => line.includes(message))
    }
    await expect.poll(read, { timeout: 40_000, interval: 250 }).toBeDefined()
    return (await read()) ?? ''
  } finally {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await exited
    clearTimeout(late)
  }
}

const flags = ['--no-sandbox', '--disable-gpu']

interface Started {
  page: Page
  stop(): Promise<void>
}

async function start(home: string): Promise<Started> {
  const child = spawn(program, [...flags, '--remote-debugging-port=0'], {
    env: { ...process.env, QUAYSIDE_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  let browser: Browser | undefined
  const stop = async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await exited
    clearTimeout(late)
    // While the app lives, the driver may wait half a minute for its window to close.
    await browser?.close()
  }
  try {
    browser = await chromium.connectOverCDP(await debuggerOf(child))
    const page = browser.contexts()[0]?.pages()[0]
    if (page === undefined) throw new Error('The app opened no window.')
    return { page, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** Where Chromium's debugging port is, once it says so and shows the app's page there. */
async function debuggerOf(child: ChildProcess): Promise<string> {
  const port = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`The app ended. ${said}`)))
    setTimeout(() => reject(new Error(`No debugging port. ${said}`)), 20_000).unref()
  })
  const address = `http://127.0.0.1:${port}`
  // A driver that comes before the page waits for ever for its answers.
  await expect
    .poll(async () => (await fetch(`${address}/json/list`)).text(), { timeout: 20_000 })
    .toContain('app://bundle/index.html#/')
  return address
}
