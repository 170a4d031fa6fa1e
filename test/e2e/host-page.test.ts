import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { faultsInBothThemes } from './accessibility.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { addThisComputer } from './window-steps.ts'

// This computer is the host: what it tells is known here too.

let window: LaunchedApp
let server: Server
let exposed: number
let home: string

beforeAll(async () => {
  const listening = await listenOnKnownPort()
  server = listening.server
  exposed = listening.port
  home = await mkdtemp(join(tmpdir(), 'quayside-host-page-'))
  // A way to Docker that the test can take away.
  await symlink(inject('lab').local.dockerSocket, join(home, 'docker.sock'))
  window = await launch({ electron: inject('electron'), home })
  const { page } = window
  await addThisComputer(page, join(home, 'docker.sock'))
  await page.getByRole('heading', { name: 'New database' }).waitFor()
})
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  server.close()
  await rm(home, { recursive: true, force: true })
})

/** A port that by custom is a database’s, on all addresses. */
async function listenOnKnownPort(): Promise<{ server: Server; port: number }> {
  for (const port of [11211, 27017, 9200, 6432]) {
    const server = createServer().listen(port, '0.0.0.0')
    const heard = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ])
    if (heard) return { server, port }
  }
  throw new Error('all of those ports are taken')
}

test('a host’s page tells its load, and the port that is open and should not be', async () => {
  const { page } = window
  await page.getByRole('navigation').getByRole('link', { name: 'here' }).click()
  await page.getByRole('meter', { name: 'CPU in use' }).waitFor()
  await page.getByRole('meter', { name: 'Memory in use' }).waitFor()
  await page.getByRole('meter', { name: 'Disk / in use' }).waitFor()
  const ports = page.getByRole('region', { name: 'Open ports' })
  const row = ports.getByRole('row').filter({
    has: page.getByRole('rowheader', { name: String(exposed), exact: true }),
  })
  await row.getByRole('img', { name: 'exposed' }).waitFor()
  await ports.getByLabel(`What closes port ${exposed}`).waitFor()
  expect(await faultsInBothThemes(page)).toEqual([])
})

test('the ports are read again by hand', async () => {
  const { page } = window
  const ports = page.getByRole('region', { name: 'Open ports' })
  server.close()
  await ports.getByRole('button', { name: 'Check the ports again' }).click()
  await ports.getByLabel(`What closes port ${exposed}`).waitFor({ state: 'detached' })
})

test('after a restart, a host that does not answer is shown as it told last, with the age', async () => {
  await window.close()
  await rm(join(home, 'docker.sock'))
  window = await launch({ electron: inject('electron'), home })
  const { page } = window
  await page.getByRole('navigation').getByRole('link', { name: 'Hosts' }).click()
  const row = page.getByRole('row', { name: /^here,/ })
  await row.getByText(/^As of .* ago: \d+ cores?, .*, disk \d+ % full$/).waitFor()
  await row.getByText(/Docker \d+\./).waitFor()
  await row.click()
  await page.getByText(/^As here told .* ago$/).waitFor()
  await page.getByRole('meter', { name: 'Memory in use' }).waitFor()
  await page.getByText(/^read .* ago$/).waitFor()
})
