import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { repository } from '../../scripts/program.ts'
import { launch, type LaunchedApp } from './launch.ts'

const electron = inject('electron')
let home = ''
let launched: LaunchedApp | undefined

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'quayside-shell-'))
})
afterEach(async () => {
  await launched?.close()
  launched = undefined
  await rm(home, { recursive: true, force: true })
})

async function open(): Promise<LaunchedApp> {
  launched = await launch({ electron, home })
  return launched
}

/** Runs the desktop's program to its end, as a user would from a terminal. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(electron.executablePath, [...electron.args, repository, ...args], {
    env: { ...process.env, ...electron.env, QUAYSIDE_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      child.stderr.on('data', () => {
        if (stderr.includes(text)) resolve()
      })
      child.on('close', () => reject(new Error(`It never said "${text}": ${stderr}`)))
    })
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }))
  return { child, said, ended }
}

const bounds = (app: LaunchedApp) =>
  app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())

describe('the window', () => {
  it('opens in its usual size, and the next time where it was left', async () => {
    const first = await open()
    expect(await bounds(first)).toMatchObject({ width: 1280, height: 800 })
    const moved = { x: 60, y: 50, width: 1000, height: 700 }
    await first.app.evaluate(({ BrowserWindow }, to) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(to)
    }, moved)
    await first.page.waitForFunction(() => window.innerWidth === 1000)
    await first.close()
    expect(await bounds(await open())).toEqual(moved)
  })

  it('has the theme that was chosen, at once and from the next start on', async () => {
    const themeOf = async ({ app, page }: LaunchedApp): Promise<unknown> => {
      // The test's own browser would say that the desktop is light.
      await page.emulateMedia({ colorScheme: null })
      await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
      return app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)
    }
    const first = await open()
    await first.page.keyboard.press('Control+Shift+L')
    expect(await themeOf(first)).toBe('dark')
    await first.close()
    expect(await themeOf(await open())).toBe('dark')
  })

  it('comes back after its process has crashed; after a second crash, once it is asked for', async () => {
    const { app, page } = await open()
    const loaded = () =>
      app.evaluate(
        ({ webContents }) =>
          new Promise<string | undefined>((resolve) => {
            const [contents] = webContents.getAllWebContents()
            contents?.once('did-finish-load', () => resolve(contents.getTitle()))
          }),
      )
    const crash = () =>
      app.evaluate(
        ({ webContents }) =>
          new Promise<void>((resolve) => {
            const [contents] = webContents.getAllWebContents()
            contents?.once('render-process-gone', () => resolve())
            contents?.forcefullyCrashRenderer()
          }),
      )
    await page.waitForLoadState()
    const byItself = loaded()
    await crash()
    expect(await byItself).toBe('Quayside')
    await crash()
    const asked = loaded()
    await (
      await run([])
    ).ended
    expect(await asked).toBe('Quayside')
  })

  it('keeps its data to its user', async () => {
    const app = await open()
    await app.close()
    expect(statSync(home).mode & 0o077).toBe(0)
    for (const name of ['quayside.sqlite', 'window.json', 'logs', 'electron'])
      expect(statSync(join(home, name)).mode & 0o077, name).toBe(0)
  })
})

describe('a second start', () => {
  it('shows the first one’s window and ends', async () => {
    const { app } = await open()
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.hide()
    })
    const second = await run([])
    expect(await second.ended).toMatchObject({ code: 0 })
    const state = () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isVisible()),
      )
    await expect.poll(state).toEqual([true])
  })

  it('in another home is an app of its own', async () => {
    await open()
    const other = await launch({ electron })
    expect(await other.page.title()).toBe('Quayside')
    await other.close()
  })
})

describe('closing', () => {
  it('the window ends the app, in good order', async () => {
    const { app } = await open()
    const exited = once(app.process(), 'exit')
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
    expect(await exited).toEqual([0, null])
    expect(existsSync(join(home, 'quayside.sqlite-wal'))).toBe(false)
  })

  it('the session on Windows ends the app, in good order', async () => {
    const { app } = await open()
    const exited = once(app.process(), 'exit')
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.emit('session-end', { reasons: ['logoff'] })
    })
    expect(await exited).toEqual([0, null])
    expect(existsSync(join(home, 'quayside.sqlite-wal'))).toBe(false)
  })

  it('it at once ends the app too: there is no tray here', async () => {
    launched = await launch({ electron, home, closeAtOnce: true })
    const child = launched.app.process()
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
    expect(existsSync(join(home, 'quayside.sqlite-wal'))).toBe(false)
  })
})

describe('a bug', () => {
  it('is written into the log whole, and ends the app in good order', async () => {
    const { app } = await open()
    const exited = once(app.process(), 'exit')
    await app.evaluate(() => {
      setTimeout(() => {
        throw new Error('a bug of the test', { cause: new Error('its cause') })
      })
    })
    expect(await exited).toEqual([1, null])
    const log = readFileSync(join(home, 'logs', 'quayside.log'), 'utf8')
    expect(log).toContain('a bug of the test')
    expect(log).toContain('its cause')
  })

  it('in a promise is written into the log, and the app goes on', async () => {
    const { app, page } = await open()
    await app.evaluate(() => {
      setTimeout(() => void Promise.reject(new Error('a broken promise')))
    })
    const log = () => readFileSync(join(home, 'logs', 'quayside.log'), 'utf8')
    await expect.poll(log).toContain('a broken promise')
    expect(await page.title()).toBe('Quayside')
  })
})

describe('data of a newer version', () => {
  it('is said to be that, and left as it is', async () => {
    const first = await open()
    await first.close()
    const file = join(home, 'quayside.sqlite')
    // SQLite's user_version, which counts the migrations, lies at byte 60.
    const bytes = readFileSync(file)
    bytes.writeUInt32BE(9_999, 60)
    await writeFile(file, bytes)
    const start = await run([])
    await start.said('newer')
    start.child.kill('SIGTERM')
    await start.ended
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })
})

describe('data that is damaged', () => {
  const file = () => join(home, 'quayside.sqlite')
  const cli = async (...args: string[]) => (await run(args)).ended
  const complaint = async () => {
    const start = await run([])
    await start.said('Databases on your hosts are not touched.')
    start.child.kill('SIGTERM')
    return (await start.ended).stderr
  }

  it('is said to be that, with the way out, and nothing of it is lost', async () => {
    const fields = ['--kind', 'local-folder', '--set', `folder=${join(home, 'kept-backups')}`]
    await cli('destination', 'add', 'attic', ...fields, '--unchecked')
    const good = readFileSync(file())
    for (const damage of [
      // A page in the middle, and the end of the file.
      Buffer.concat([good.subarray(0, 4096), Buffer.alloc(8192, 0xa5), good.subarray(12_288)]),
      good.subarray(0, good.length / 2),
    ]) {
      await writeFile(file(), damage)
      expect(await complaint()).toContain(`Quayside’s data file ${file()} is damaged.`)
      expect(readFileSync(file()).equals(damage)).toBe(true)
    }
    // What it says to do: a copy in its place.
    await writeFile(file(), good)
    const { stdout } = await cli('destination', 'list', '--json')
    expect(stdout).toContain('"attic"')
  })
})

describe('a home that cannot be', () => {
  it('is named, with what to do', async () => {
    const file = join(home, 'a-file')
    await writeFile(file, '')
    const start = await run([], { QUAYSIDE_HOME: join(file, 'home') })
    await start.said('QUAYSIDE_HOME')
    start.child.kill('SIGTERM')
    expect((await start.ended).stderr).toContain(join(file, 'home'))
  })
})

describe('the command line in the desktop’s program', () => {
  it('answers without a window or a display', async () => {
    const { ended } = await run(['host', 'list', '--json'], { DISPLAY: '', WAYLAND_DISPLAY: '' })
    expect(await ended).toMatchObject({ code: 0, stdout: '[]\n' })
  })

  it('explains itself', async () => {
    const { ended } = await run(['--help'])
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: quayside')
  })

  it('ends with the command’s own code', async () => {
    const { ended } = await run(['db', 'show', 'nothing'])
    const { code } = await ended
    expect(code).toBeGreaterThan(0)
  })
})
