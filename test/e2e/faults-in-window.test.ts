import type { Locator } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openLab, type Lab } from '../lab/lab.ts'
import { faultsInBothThemes } from './accessibility.ts'
import { clearHost, leftovers } from './clear-host.ts'
import { holdData, openSmallDisk, type SmallDisk } from './faults-of-home.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { expectUsable, longestWaits } from './stays-usable.ts'
import { addHost, beginCreate, copyUrl, fillServer, open, psql } from './window-steps.ts'

// What goes wrong, as the window tells it; each test goes on where the last ended.

const [server, other] = inject('lab').hosts
if (server === undefined || other === undefined) throw new Error('the lab has not two hosts')
const { ssh, proxy, dockerSocket } = server
// Through the proxy, where the faults of the network are.
const reached = { ...ssh, ...proxy }

let lab: Lab
let window: LaunchedApp
let disk: SmallDisk
let url = ''

beforeAll(async () => {
  lab = await openLab()
  disk = await openSmallDisk()
  window = await launch({ electron: inject('electron'), home: disk.folder })
})
afterAll(async () => {
  await lab.fault.clear()
  await window.close()
  await disk.remove()
  await clearHost(dockerSocket)
  expect(window.problems).toEqual([])
})

/** Opens the form for a new database from wherever the window is. */
async function newDatabase(): Promise<void> {
  await open(window.page, 'Databases')
  await window.page.getByRole('button', { name: 'New database' }).first().click()
}

/** That the app quits once its job is done, as it says above every screen, and that this is taken back. */
async function quitOnceDone(): Promise<void> {
  const { app, page } = window
  // What the job does is written down, so that it can't end meanwhile.
  const letGo = holdData(disk.folder)
  try {
    await page.getByRole('heading', { name: /^Creating/ }).waitFor()
    await app.evaluate(({ app, dialog }) => {
      const whenDone = { response: 1, checkboxChecked: false }
      Object.assign(dialog, { showMessageBox: () => Promise.resolve(whenDone) })
      app.quit()
    })
    const banner = page.getByRole('status', { name: 'Quitting' })
    await banner.getByText('Quayside quits when 1 job is done').waitFor()
    expect(await faultsInBothThemes(page)).toEqual([])
    await banner.getByRole('button', { name: 'Stay open' }).click()
    await banner.waitFor({ state: 'detached' })
  } finally {
    letGo()
  }
}

/** What is written beside a field that is marked as wrong. */
async function complaint(field: Locator): Promise<string> {
  const { page } = window
  await field.and(page.locator('[aria-invalid="true"]')).waitFor()
  const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  const texts = ids.map((id) => page.locator(`[id="${id}"]`).innerText())
  return (await Promise.all(texts)).join(' ')
}

test.each([
  ['', 'Give the server’s name or IP address.'],
  ['root@db.example', 'Give a host name or an IP address, without user, port or “ssh://”.'],
])('the address “%s” is refused beside its field', async (address, words) => {
  const { page } = window
  await fillServer(page, { ...other.ssh, host: address })
  await page.getByRole('button', { name: 'Connect' }).click()
  expect(await complaint(page.getByRole('textbox', { name: 'Address' }))).toBe(words)
})

test('an address that nobody knows is said to be that, beside its field', async () => {
  const { page } = window
  await fillServer(page, { ...other.ssh, host: 'nowhere.invalid' })
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('alert').getByText('Nobody knows the address nowhere.invalid.').waitFor()
  await page.getByRole('button', { name: 'Change it' }).click()
  const words = await complaint(page.getByRole('textbox', { name: 'Address' }))
  expect(words).toContain('Nobody knows the address nowhere.invalid. Check the spelling')
})

test('a key file that is missing is said to be that, beside its field', async () => {
  const { page } = window
  await fillServer(page, { ...other.ssh, keyPath: '/nowhere/id_ed25519' })
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('button', { name: 'It matches, trust this key' }).click()
  await page.getByRole('button', { name: 'Change it' }).click()
  const field = page.getByRole('combobox', { name: 'Key file' })
  const words = await complaint(field)
  expect(words).toContain('There is no file /nowhere/id_ed25519. Choose another key file')
  expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
})

test('a user without rights for Docker is told how to get them', async () => {
  const { page } = window
  await fillServer(page, { ...other.ssh, user: other.accounts.nodocker.user })
  // The key was accepted a moment ago and is not asked about again.
  await page.getByRole('button', { name: 'Connect' }).click()
  const step = page.getByRole('listitem').filter({ hasText: 'May nodocker use Docker?' })
  await step.getByRole('alert').waitFor()
  expect(await step.innerText()).toContain('sudo usermod -aG docker nodocker')
  expect(await page.getByRole('button', { name: 'Add host' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Back', exact: true }).click()
})

test('nothing of what was refused has been kept; the right one is added', async () => {
  const { page } = window
  await addHost(page, reached, 'ams-1')
  await open(page, 'Hosts')
  await page.getByRole('row', { name: 'ams-1, Ready' }).waitFor()
  // The head and the one host.
  expect(await page.getByRole('row').count()).toBe(2)
})

test('a name that the host has a volume of is refused while it is typed', async () => {
  const { page } = window
  await lab.docker('h1', ['volume', 'create', 'old-development-postgres-data'])
  await newDatabase()
  const name = page.getByRole('textbox', { name: 'Name' })
  await name.fill('old')
  const words = await complaint(name)
  expect(words).toContain('The volume old-development-postgres-data exists already.')
  await lab.docker('h1', ['volume', 'rm', 'old-development-postgres-data'])
})

test('an image that is not there: why, a Retry, and nothing stays', async () => {
  const { page } = window
  await newDatabase()
  await beginCreate(page, { name: 'old', version: '14' })
  await page.getByRole('heading', { name: 'old was not created' }).waitFor()
  await page.getByRole('alert').getByText('postgres:14 was not found').waitFor()
  expect(await leftovers(dockerSocket)).toEqual([])
  expect(await page.getByRole('button', { name: 'Retry' }).isEnabled()).toBe(true)
  expect(await faultsInBothThemes(page)).toEqual([])
})

test('cancelled in the middle of its pull, nothing stays; a Retry makes it', async () => {
  const { app, page } = window
  await lab.fault.image.forget('h1')
  await newDatabase()
  await beginCreate(page, { name: 'orders', version: '15' })
  const running = page.locator('[aria-current="step"]')
  await running.filter({ hasText: 'postgres:15' }).filter({ hasText: 'MB' }).waitFor()
  await quitOnceDone()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('heading', { name: 'orders was cancelled' }).waitFor()
  expect(await leftovers(dockerSocket)).toEqual([])
  await page.getByRole('button', { name: 'Retry' }).click()
  await page.getByRole('heading', { name: 'orders is ready' }).waitFor({ timeout: 90_000 })
  expect(await psql((url = await copyUrl(app, page)), 'SELECT 1')).toBe('1')
})

test.each([
  [
    'nothing comes through, as this computer wakes,',
    async () => {
      await lab.fault.proxy.stall('h1')
      // All hosts are probed anew then; a dead link would be noticed much later by itself.
      await window.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
    },
    () => lab.fault.proxy.clear('h1'),
  ],
  [
    'it refuses connections',
    () => lab.fault.proxy.cut('h1', { refuse: true }),
    () => lab.fault.proxy.clear('h1'),
  ],
])('a host is unknown while %s, and back after', async (_, breaks, mends) => {
  const { app, page } = window
  await open(page, 'Databases')
  const quiet = await longestWaits(page, 300)
  await breaks()
  await expectUsable(page, quiet)
  await page.getByRole('row', { name: 'orders, Development, Unknown' }).waitFor({ timeout: 20_000 })
  await expectUsable(page, quiet)
  await page
    .getByText(/Unknown since/)
    .first()
    .waitFor()
  // The window stays usable: what is known is there, and what can't be done says why.
  await page.getByRole('link', { name: 'orders', exact: true }).click()
  await page.getByText('ams-1 does not answer, so there is no way to orders now.').waitFor()
  expect(await faultsInBothThemes(page)).toEqual([])
  await open(page, 'Hosts')
  await page.getByRole('row', { name: 'ams-1, Unknown' }).click()
  await page.getByText(/ams-1 does not answer since/).waitFor()
  await mends()
  await page.getByRole('button', { name: 'Try now' }).click()
  await open(page, 'Databases')
  await page.getByRole('row', { name: 'orders, Development, Running' }).waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'orders', exact: true }).click()
  expect(await psql((url = await copyUrl(app, page)), 'SELECT 1')).toBe('1')
})

test('a line with 100 ms each way is slow; the window is not', async () => {
  const { page } = window
  await open(page, 'Databases')
  const quiet = await longestWaits(page, 300)
  await lab.fault.proxy.delay('h1', 100)
  await page.getByRole('row', { name: 'orders, Development, Running' }).hover()
  await page.getByRole('button', { name: 'Stop orders' }).click()
  await expectUsable(page, quiet, 1_000)
  await page.getByRole('row', { name: 'orders, Development, Stopped' }).waitFor({ timeout: 30_000 })
  await lab.fault.proxy.clear('h1')
})

test('Docker that is stopped is said to be that, and its return is seen', async () => {
  const { page } = window
  await open(page, 'Hosts')
  const quiet = await longestWaits(page, 300)
  const stopped = lab.fault.docker.stop('h1')
  await expectUsable(page, quiet, 1_000)
  await stopped
  await page.getByRole('row', { name: 'ams-1, Needs a look' }).click()
  await page
    .getByRole('alert')
    .getByText(/Docker/)
    .first()
    .waitFor()
  const started = lab.fault.docker.start('h1')
  await expectUsable(page, quiet)
  await started
  await open(page, 'Hosts')
  await page.getByRole('row', { name: 'ams-1, Ready' }).waitFor({ timeout: 30_000 })
})

test('data that another program holds makes what is asked for wait, and nothing else', async () => {
  const { page } = window
  await open(page, 'Databases')
  const quiet = await longestWaits(page, 300)
  const letGo = holdData(disk.folder)
  await page.getByRole('row', { name: 'orders, Development, Stopped' }).hover()
  await page.getByRole('button', { name: 'Start orders' }).click()
  await expectUsable(page, quiet, 3_000)
  const runs = page.getByRole('row', { name: 'orders, Development, Running' })
  expect(await runs.count()).toBe(0)
  letGo()
  await runs.waitFor({ timeout: 30_000 })
})

test('a full disk of this computer is said, and got over', async () => {
  const { page } = window
  const quiet = await longestWaits(page, 300)
  await disk.fill()
  await page.getByRole('row', { name: 'orders, Development, Running' }).hover()
  await page.getByRole('button', { name: 'Stop orders' }).click()
  await page.getByRole('alert').getByText('The disk of this computer is full.').waitFor()
  // What the host tells now is shown, and can't be kept.
  await lab.docker('h1', ['restart', '-t', '1', 'orders-development-postgres'])
  const banner = page.getByRole('status', { name: 'Data' })
  await banner.getByText('The disk of this computer is full.').waitFor()
  expect(await faultsInBothThemes(page)).toEqual([])
  // Longer than between two signs of life, which are written too.
  await expectUsable(page, quiet, 5_500)
  const runs = page.getByRole('row', { name: 'orders, Development, Running' })
  await runs.waitFor()
  await disk.makeRoom()
  await runs.hover()
  await page.getByRole('button', { name: 'Stop orders' }).click()
  await page.getByRole('row', { name: 'orders, Development, Stopped' }).hover({ timeout: 30_000 })
  await banner.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Start orders' }).click()
  await runs.waitFor({ timeout: 30_000 })
})

test('a changed host key stops everything, until both are compared and it is accepted', async () => {
  const { app, page } = window
  const shown = await lab.fault.hostkey.new('h1')
  await lab.fault.proxy.cut('h1')
  await open(page, 'Hosts')
  await page.getByRole('row', { name: 'ams-1, Host key changed' }).click({ timeout: 30_000 })
  const notice = page.getByRole('main').getByRole('alert')
  await notice.getByText(ssh.hostKeyFingerprint).waitFor()
  await notice.getByText(shown).waitFor()
  await expect(psql(url, 'SELECT 1')).rejects.toThrow()

  await notice.getByRole('button', { name: 'Compare and decide…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(ssh.hostKeyFingerprint).waitFor()
  await dialog.getByLabel(shown).waitFor()
  const trust = dialog.getByRole('button', { name: 'Trust the new key' })
  expect(await trust.isDisabled()).toBe(true)
  expect(await faultsInBothThemes(page)).toEqual([])
  await dialog.getByRole('textbox').fill('ams-1')
  await trust.click()
  await dialog.waitFor({ state: 'detached' })
  await open(page, 'Databases')
  await page.getByRole('row', { name: 'orders, Development, Running' }).waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'orders', exact: true }).click()
  expect(await psql((url = await copyUrl(app, page)), 'SELECT 1')).toBe('1')
})
