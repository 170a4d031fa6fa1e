import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { launch } from '../test/e2e/launch.ts'
import type { Lab } from '../test/lab/lab.ts'
import { addHost, copyUrl, createDatabase, open, psql } from '../test/e2e/window-steps.ts'
import { buildApp } from './build.ts'
import { hasDisplay, startDisplay } from './display.ts'
import { ensureElectron } from './electron.ts'
import { repository } from './program.ts'
import { ensureSystemLibraries } from './system-libraries.ts'

const pictures = join(repository, 'demo-out')

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/**
 * `npm run demo`: the main job from end to end. A lab with real servers is started, the app adds one
 * of them and creates a database through its window, and a real PostgreSQL client connects with the
 * string that the window copied. Succeeds only when a query through it was answered.
 */
async function demo(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    say('The demo needs Linux and root: it starts Docker hosts of its own, in network namespaces.')
    say('To use Quayside with a server of yours: npm start')
    return false
  }
  process.env['QUAYSIDE_LAB'] ??= 'demo'
  await ensureSystemLibraries(['lab', 'keychain', 'window', 'display'])
  const electron = await ensureElectron()
  await buildApp()
  await mkdir(pictures, { recursive: true })

  say('── the lab: two Docker hosts, each behind a real SSH server')
  const { openLab } = await import('../test/lab/lab.ts')
  const lab = await openLab({ hosts: 2 })
  const home = await mkdtemp(join(tmpdir(), 'quayside-demo-'))
  const display = hasDisplay() ? undefined : await startDisplay()
  try {
    const env = { ...lab.env, ...display?.env }
    const app = await launch({ electron, home, env })
    try {
      await story(app, lab)
      if (display === undefined) {
        say('The app stays open with its database; the demo ends when you close it.')
        await once(app.app.process(), 'exit')
      }
    } catch (thrown) {
      await app.page.screenshot({ path: join(pictures, 'failed.png') })
      throw thrown
    } finally {
      await app.close()
    }
    return true
  } finally {
    say('── everything is taken down')
    await display?.stop()
    await lab.down()
    await rm(home, { recursive: true, force: true })
  }
}

async function story({ app, page }: Awaited<ReturnType<typeof launch>>, lab: Lab): Promise<void> {
  const server = lab.hosts[0]?.ssh
  if (server === undefined) throw new Error('the lab has no host')
  const picture = (name: string) => takePicture(page, name)

  say(`── the window adds ${server.user}@${server.host} and creates a database there`)
  await addHost(page, server, 'ams-1', picture)
  await createDatabase(page, { name: 'orders', version: '15' }, picture)
  const url = await copyUrl(app, page)

  say('── psql connects with the string that the window copied')
  const answer = await psql(url, "SELECT 'PostgreSQL ' || current_setting('server_version')")
  if (!answer.startsWith('PostgreSQL ')) throw new Error(`psql answered: ${answer}`)
  say(`   ${answer}`)
  process.stdout.write(`${url}\n`)

  await page.getByRole('button', { name: 'Open database' }).click()
  await page.getByRole('region', { name: 'Now' }).getByText('MB').first().waitFor()
  await picture('7-database')
  await open(page, 'Databases')
  await page.getByRole('row', { name: 'orders, Development, Running' }).waitFor()
  await picture('8-databases')
  await open(page, 'Hosts')
  await picture('9-hosts')
  await open(page, 'Activity')
  await picture('10-activity')
  say(`   pictures of every screen are in ${pictures}`)
}

async function takePicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

try {
  if (!(await demo())) process.exitCode = 1
} catch (thrown) {
  say(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  process.exitCode = 1
}
