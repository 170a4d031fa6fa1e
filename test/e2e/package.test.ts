import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { mustRun, repository } from '../../scripts/program.ts'
import { clearHost } from './clear-host.ts'
import { createDatabase, psql } from './window-steps.ts'

// What a user installs: built, unpacked as dpkg does it, and started. Its fuses keep the driver of the
// other tests out, so the window is driven by Chromium's own debugging port.

let folder: string
let program: string
const socket = () => inject('lab').local.dockerSocket

beforeAll(async () => {
  await mustRun(process.execPath, ['scripts/package.ts'])
  folder = await mkdtemp(join(tmpdir(), 'quayside-package-'))
  const deb = join(repository, `dist/quayside_${manifest.version}_amd64.deb`)
  await mustRun('dpkg-deb', ['--extract', deb, folder])
  program = join(folder, 'opt/Quayside/quayside')
}, 180_000)
afterAll(async () => {
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
      await page.getByRole('radio', { name: 'This computer' }).check()
      await page.getByRole('textbox', { name: 'Docker socket' }).fill(socket())
      await page.getByRole('button', { name: 'Connect' }).click()
      const naming = page.getByRole('form', { name: 'Name of the host' })
      await naming.getByRole('textbox', { name: 'Name' }).fill('packed')
      await naming.getByRole('button', { name: 'Add host' }).click()
      await createDatabase(page, { name: 'packed', version: '15' })
    } finally {
      await started.stop()
    }
    const { stdout: url } = await promisify(execFile)(program, [...flags, 'db', 'url', 'packed'], {
      env: { ...process.env, QUAYSIDE_HOME: join(folder, 'home') },
    })
    expect(await psql(url.trim(), 'SELECT 6 * 7')).toBe('42')
    await clearHost(socket())
  })
})

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
    await browser?.close()
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await exited
    clearTimeout(late)
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
