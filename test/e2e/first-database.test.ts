import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { clearHost } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { addHost, copyUrl, createDatabase, open, psql } from './window-steps.ts'

// One story, told in the real window against a real server; each test goes on where the last ended.

let home: string
let window: LaunchedApp
let url: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'quayside-story-'))
  window = await launch({ electron: inject('electron'), home })
})
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  await rm(home, { recursive: true, force: true })
  await clearHost(labHost().dockerSocket)
})

const labHost = () => {
  const host = inject('lab').hosts[0]
  if (host === undefined) throw new Error('the lab has no host')
  return host
}

test('a server is added: its key is shown, compared and accepted', async () => {
  const { page } = window
  await page.getByRole('heading', { name: 'Where do your databases run?' }).waitFor()
  await addHost(page, labHost().ssh, 'ams-1')
  await page.getByRole('heading', { name: 'New database' }).waitFor()
})

test('a database is created, and the copied string connects', async () => {
  const { app, page } = window
  await createDatabase(page, { name: 'orders', version: '15' })
  url = await copyUrl(app, page)
  expect(url).toMatch(/^postgres:\/\/db_user_[0-9a-f]{6}:[A-Za-z0-9]{24}@127\.0\.0\.1:\d+\/orders/)
  expect(await psql(url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)')).toContain(
    'INSERT',
  )
  expect(await psql(url, 'SELECT n FROM kept')).toBe('7')
})

test('the password is hidden until it is asked for', async () => {
  const { page } = window
  const password = new URL(url).password
  const main = page.getByRole('main')
  expect(await main.innerText()).not.toContain(password)
  const credentials = page.getByRole('region', { name: 'Credentials' })
  await credentials.getByRole('button', { name: 'Show password' }).click()
  await credentials.getByText(password).waitFor()
  await credentials.getByRole('button', { name: 'Hide password' }).click()
  await credentials.getByText(password).waitFor({ state: 'detached' })
})

test('it is stopped and started', async () => {
  const { page } = window
  await page.getByRole('button', { name: 'Open database' }).click()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('main').getByRole('img', { name: 'Stopped' }).waitFor()
  await expect(psql(url, 'SELECT 1')).rejects.toThrow()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByRole('main').getByRole('img', { name: 'Running' }).waitFor()
  expect(await psql(await copyUrl(window.app, page), 'SELECT n FROM kept')).toBe('7')
})

test('it is deleted only once its name is typed, and undo brings it back', async () => {
  const { app, page } = window
  await page.getByRole('button', { name: 'Delete…' }).click()
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Delete orders' })
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('order')
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('orders')
  await confirm.click()
  // The stop before it can be undone as well.
  const told = page.getByText('orders is in the trash for 7 d').locator('..')
  await told.getByRole('button', { name: 'Undo' }).click()
  await open(page, 'Databases')
  await page.getByRole('row', { name: 'orders, Development, Running' }).waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'orders', exact: true }).click()
  const tunnel = page.getByRole('button', { name: 'Open tunnel' })
  const copy = page
    .getByRole('region', { name: 'Connection' })
    .getByRole('button', { name: 'Copy', exact: true })
  await tunnel.or(copy).first().waitFor()
  if (await tunnel.isVisible()) await tunnel.click()
  expect(await psql(await copyUrl(app, page), 'SELECT n FROM kept')).toBe('7')
})

test('production asks before it stops, and is locked against deletion', async () => {
  const { page } = window
  await open(page, 'Databases')
  await page.getByRole('button', { name: 'New database' }).click()
  await createDatabase(page, { name: 'shop', version: '15', environment: 'Production' })
  await page.getByRole('button', { name: 'Open database' }).click()
  await page.getByRole('button', { name: 'Stop…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByRole('switch', { name: 'Deletion protection' }).isChecked()).toBe(true)
  expect(await page.getByRole('button', { name: 'Delete…' }).isDisabled()).toBe(true)
})

test('after a restart of the app everything is there', async () => {
  await window.close()
  window = await launch({ electron: inject('electron'), home })
  const { page } = window
  await page.getByRole('row', { name: 'orders, Development, Running' }).waitFor()
  await page.getByRole('row', { name: 'shop, Production, Running' }).waitFor()
  await open(page, 'Activity')
  await page.getByRole('row', { name: 'Create orders, Done' }).waitFor()
  await page.getByRole('row', { name: 'Delete orders, Done' }).waitFor()
})
