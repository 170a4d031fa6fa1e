import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { mustRun } from '../../scripts/program.ts'
import { expectAccessible } from './accessibility.ts'
import { clearHost } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { putManifest } from './put-manifest.ts'
import { addThisComputer, createDatabase } from './window-steps.ts'

// One app, one database, one folder: a destination is added, the database backed up into it, the copy
// verified, restored from and removed, all by the window.

let window: LaunchedApp
let folder: string
const socket = () => inject('lab').local.dockerSocket
const backupMs = 60_000

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quayside-backups-'))
  window = await launch({ electron: inject('electron') })
  const { page } = window
  await addThisComputer(page, socket())
  await createDatabase(page, { name: 'kept', version: '15' })
})
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  await clearHost(socket())
  await rm(folder, { recursive: true })
})

/** The system's dialog is not the window's: what it answers next is laid out here. */
async function chooseNext(path: string): Promise<void> {
  await window.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen })
  }, path)
}

async function goTo(path: string): Promise<void> {
  await window.page.keyboard.press('Escape')
  await window.page.evaluate((hash) => {
    location.hash = hash
  }, path)
}

test('a folder is added as a destination once its check has passed', async () => {
  const { page } = window
  await page.keyboard.press('Control+3')
  await page.getByRole('heading', { name: 'Backups', level: 1 }).waitFor()
  await expectAccessible(window.page)
  await page.getByRole('button', { name: 'Add destination' }).click()
  await page.getByRole('radio', { name: 'Folder on this computer' }).check()
  await page.getByRole('textbox', { name: 'Folder' }).fill(join(folder, 'nowhere'))
  await page.getByRole('textbox', { name: 'Name' }).fill('near')
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('region', { name: 'Check' }).getByRole('alert').waitFor()
  await expectAccessible(window.page)
  await chooseNext(folder)
  await page.getByRole('button', { name: 'Choose folder…' }).click()
  await expect.poll(() => page.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(folder)
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByText('Everything a backup needs works there.').waitFor()
  await page.getByRole('button', { name: 'Add destination' }).click()
  const row = page.getByRole('row', { name: 'near' })
  await row.getByLabel('Works').waitFor()
  // Of what the check wrote nothing stays; the mark tells the folder from an empty mount point.
  expect(await readdir(folder)).toEqual(['quayside-destination.txt'])
  await expectAccessible(window.page)
})

test('a database is backed up encrypted, after the recovery key was saved', async () => {
  const { page } = window
  await page.keyboard.press('Escape')
  await page.getByText('No destination is off-site').waitFor()
  // Of whichever database stands beside the list, or of another one that is chosen here.
  await page.getByRole('button', { name: 'Back up now', exact: true }).click()
  await page.getByRole('dialog', { name: 'Back up kept' }).getByLabel('Database').first().waitFor()
  await expectAccessible(window.page)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /^kept/ }).focus()
  await page.keyboard.press('Control+b')
  const dialog = page.getByRole('dialog', { name: 'Back up kept' })
  const begin = dialog.getByRole('button', { name: 'Back up now' })
  await dialog.getByRole('button', { name: 'Show recovery key' }).click()
  expect(await begin.isDisabled()).toBe(true)
  const key = await dialog.locator('code[aria-label="Recovery key"]').innerText()
  await expectAccessible(window.page)
  await dialog.getByRole('textbox', { name: /last group/ }).fill(key.trim().slice(-5))
  await dialog.getByRole('button', { name: 'I have saved it' }).click()
  await begin.click()
  await page.getByRole('heading', { name: 'kept', level: 1 }).waitFor()
  const row = page.getByRole('row', { name: /near/ })
  await row.waitFor({ timeout: backupMs })
  // Created by itself, and read back by itself afterwards.
  await expect.poll(() => row.locator('time').count(), { timeout: backupMs }).toBe(2)
  await expectAccessible(window.page)
})

test('a copy is proven by a test restore', async () => {
  const { page } = window
  await page.getByRole('button', { name: 'More for the copy at near' }).click()
  await page.getByRole('menuitem', { name: 'Test restore…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Test-restore a backup of kept' })
  // On the host of its database, unless another is chosen.
  expect(await dialog.getByRole('combobox', { name: 'Host' }).inputValue()).toMatch(/\(ready\)$/)
  await expectAccessible(window.page)
  await dialog.getByRole('button', { name: 'Test restore' }).click()
  await page.getByRole('region', { name: /^Test-restore/ }).waitFor()
  await expectAccessible(window.page)
  await page
    .getByText('The copy was restored, and every table has its rows')
    .waitFor({ timeout: backupMs })
  const row = page.getByRole('row', { name: /near/ })
  await expect.poll(() => row.locator('time').count()).toBe(3)
  await expectAccessible(window.page)
})

test('a copy is restored into a new database, whose rows are compared', async () => {
  const { page } = window
  await page.getByRole('button', { name: 'Restore from the copy at near' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('kept-again')
  const restore = page.getByRole('button', { name: 'Restore into new database' })
  await expect.poll(() => restore.isEnabled()).toBe(true)
  await expectAccessible(window.page)
  await restore.click()
  await page
    .getByText(/as in the backup/)
    .first()
    .waitFor({ timeout: 2 * backupMs })
  await page.getByRole('region', { name: 'Result' }).waitFor()
  await expectAccessible(window.page)
})

test('the key of a destination is rotated, and the recovery key shown once more', async () => {
  const { app, page } = window
  await goTo('/backups/destinations')
  await page.getByRole('button', { name: 'More for near' }).click()
  await page.getByRole('menuitem', { name: 'Rotate key…' }).click()
  const question = page.getByRole('dialog', { name: 'Rotate the key of near' })
  await expectAccessible(window.page)
  await question.getByRole('button', { name: 'Rotate key' }).click()
  await page.getByText('encrypted with a new key from now on').waitFor()
  await page.getByRole('button', { name: 'Recovery key' }).click()
  await page.getByRole('button', { name: 'Show recovery key…' }).click()
  const asked = page.getByRole('dialog', { name: 'Show the recovery key' })
  await asked.getByRole('button', { name: 'Show recovery key' }).click()
  const shown = await page.locator('code[aria-label="Recovery key"]').innerText()
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(shown.trim())
  await expectAccessible(window.page)
})

test('a database goes to a file of this computer, and becomes a new one from it', async () => {
  const { page } = window
  const path = join(folder, 'kept.dump.gz')
  await goTo('/backups')
  await page
    .getByRole('row', { name: /^kept,/ })
    .getByRole('link')
    .click()
  await page.getByRole('button', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export kept to a file' })
  await chooseNext(path)
  await dialog.getByRole('button', { name: 'Choose file…' }).click()
  await expectAccessible(window.page)
  await dialog.getByRole('button', { name: 'Export database' }).click()
  await page.getByText(`Exported to ${path}`).waitFor({ timeout: backupMs })

  await goTo('/databases/import')
  await page.getByRole('button', { name: 'Choose file…' }).click()
  await page.getByRole('combobox', { name: 'Version' }).click()
  await page.getByRole('option', { name: '15', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('kept-from-file')
  await page.getByText(/^A dump in custom format, compressed by gzip/).waitFor()
  await expectAccessible(window.page)
  await page.getByRole('button', { name: 'Import into new database' }).click()
  await page.getByRole('heading', { name: 'kept-from-file is ready' }).waitFor({
    timeout: 2 * backupMs,
  })
  await page.getByText(/^Imported in/).waitFor()
})

test('a database of a server elsewhere is looked at, then becomes a new one', async () => {
  const { app, page } = window
  await goTo('/databases')
  await page.getByRole('row', { name: /^kept,/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'kept', level: 1 }).waitFor()
  const connection = page.getByRole('region', { name: 'Connection' })
  await connection.getByRole('button', { name: 'Copy', exact: true }).click()
  await connection.getByRole('button', { name: 'Copied' }).waitFor()
  const url = await app.evaluate(({ clipboard }) => clipboard.readText())

  await goTo('/databases/import')
  await page.getByText('Server elsewhere').click()
  const field = page.getByRole('textbox', { name: 'Connection string' })
  const look = page.getByRole('button', { name: 'Look at the server' })
  await page.getByRole('combobox', { name: 'Version' }).click()
  await page.getByRole('option', { name: '15', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('kept-from-server')
  await field.fill(`${url}&schema=public`)
  await look.click()
  await page.getByText(/^The connection string has “schema”/).waitFor()
  await field.fill(url.replace(/:[^:@]+@/, ':wrong@'))
  await look.click()
  await page.getByRole('alert').getByText('Technical cause').waitFor()
  await expectAccessible(window.page)
  await field.fill(url)
  await look.click()
  await page.getByText(/server 15\..* in \d tables?$/).waitFor()
  await expectAccessible(window.page)
  await page.getByRole('button', { name: 'Import into new database' }).click()
  await page.getByRole('heading', { name: 'kept-from-server is ready' }).waitFor({
    timeout: 2 * backupMs,
  })
})

test('a copy is removed once the name is typed', async () => {
  const { page } = window
  await page.keyboard.press('Control+3')
  await page
    .getByRole('row', { name: /^kept,/ })
    .getByRole('link')
    .click()
  await page.getByRole('button', { name: 'More for the copy at near' }).click()
  await page.getByRole('menuitem', { name: 'Remove copy…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Remove a copy of kept' })
  await dialog.getByRole('textbox').fill('kept')
  await dialog.getByRole('button', { name: 'Remove copy' }).click()
  await page.getByRole('heading', { name: 'No backups of kept yet' }).waitFor()
})

test('a backup that fails is told once, by the page that shows it', async () => {
  const { page } = window
  await mustRun('docker', ['-H', `unix://${socket()}`, 'stop', 'kept-development-postgres'])
  await page.getByRole('button', { name: 'Back up now' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Back up kept' })
  await dialog.getByRole('button', { name: 'Back up now' }).click()
  const words = page.getByText('kept does not run.')
  await words.first().waitFor({ timeout: backupMs })
  // A message would come with the same news.
  await sleep(1_000)
  expect(await words.count()).toBe(1)
  await expectAccessible(window.page)
})

test('what another installation has written is shown as text, whatever it is', async () => {
  const { page } = window
  const hostile = '<img src=x onerror="document.title=1">\u001b[31m\u202e'
  await putManifest(folder, {
    database: { name: hostile, host: hostile, environment: 'production', logicalName: hostile },
    tables: [{ schema: hostile, name: '<script>document.title=1</script>', rows: 1 }],
    warnings: [hostile],
  })
  await goTo('/backups/destinations')
  await page.getByRole('button', { name: 'More for near' }).click()
  await page.getByRole('menuitem', { name: 'Look for backups there' }).click()
  await goTo('/backups/others')
  await page.getByText('<img src=x').first().waitFor()
  // A test of it needs a host that is chosen: its own is not here.
  await page.getByRole('button', { name: 'More for the copy at near' }).first().click()
  await page.getByRole('menuitem', { name: 'Test restore…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Host' }).waitFor()
  expect(await dialog.getByRole('button', { name: 'Test restore' }).isEnabled()).toBe(true)
  await expectAccessible(window.page)
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await page.title()).not.toBe('1')
})
