import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { mustRun } from '../../scripts/program.ts'
import { clearHost } from './clear-host.ts'
import { openDesktop, type Desktop } from './desktop-bus.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { addHost, createDatabase } from './window-steps.ts'

// The app beside its window: tray and notifications, on a desktop that has both; one story.

const [server] = inject('lab').hosts
if (server === undefined) throw new Error('the lab has no host')
const entry = '● shop, Production'
const patience = { timeout: 15_000, interval: 200 }
/** For an app that is begun beside another one, while the machine has much else to do. */
const startPatience = { timeout: 45_000, interval: 200 }

let desktop: Desktop
let window: LaunchedApp
let page: Page

beforeAll(async () => {
  desktop = await openDesktop(process.env)
  window = await launch({ electron: inject('electron') })
  page = window.page
  await addHost(page, server.ssh, 'ams-1')
  await createDatabase(page, { name: 'shop', version: '15', environment: 'Production' })
})
afterAll(async () => {
  await window.close()
  desktop.close()
  await clearHost(server.dockerSocket)
})

const labels = async () => (await desktop.menu()).map(({ label }) => label)
const clipboard = () => window.app.evaluate((electron) => electron.clipboard.readText())
const windows = () =>
  window.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((each) => each.isVisible()),
  )
const path = () => page.evaluate(() => location.hash.replace(/[0-9a-f-]{36}/, 'ID'))

test('the tray has the database under its host', async () => {
  await expect.poll(labels, patience).toContain(entry)
  expect((await labels())[0]).toBe('ams-1')
})

test('the tray copies the connection, which is a secret of the clipboard’s', async () => {
  await desktop.choose('Copy connection URL', entry)
  await expect.poll(clipboard, patience).toMatch(/^postgres:\/\/.+@127\.0\.0\.1:\d+\/shop/)
})

test('copying has opened the tunnel; the tray closes it', async () => {
  const closing = async () => (await labels()).find((label) => label.startsWith('Close tunnel on'))
  await expect.poll(closing, patience).toBeDefined()
  await desktop.choose((await closing()) ?? '', entry)
  await expect.poll(labels, patience).toContain('Open tunnel')
})

test('closing the window leaves the app in the tray, which brings it back', async () => {
  await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(windows, patience).toEqual([])
  const opening = window.app.waitForEvent('window')
  await desktop.choose('Open Quayside')
  page = await opening
  await page.getByRole('heading', { name: 'Databases', level: 1 }).waitFor()
})

test('stopping a production database asks in the window first', async () => {
  await desktop.choose('Stop…', entry)
  const question = page.getByRole('dialog')
  await question.getByRole('heading', { name: 'Stop shop' }).waitFor()
  expect(await path()).toBe('#/databases/ID/stop')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(path).toBe('#/databases/ID')
  expect(await labels()).toContain(entry)
})

test('a database that fails is a notification, and a click on it leads there', async () => {
  await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  const socket = `unix://${server.dockerSocket}`
  await mustRun('docker', ['--host', socket, 'kill', 'shop-production-postgres'])
  await expect
    .poll(() => desktop.notifications.map(({ title }) => title), patience)
    .toEqual(['shop (production) on ams-1 failed'])
  expect(desktop.notifications[0]?.body).toBe('Exited with code 137')
  // The menu is built anew every two seconds at most.
  await expect
    .poll(async () => (await labels()).slice(0, 2), patience)
    .toEqual(['1 thing needs you', 'shop (production) on ams-1 failed'])
  const opening = window.app.waitForEvent('window')
  desktop.notifications[0]?.click()
  page = await opening
  await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor()
  expect(await path()).toBe('#/databases/ID')
})

test('a tray that goes gives the window back; one that comes has the icon again', async () => {
  await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(windows, patience).toEqual([])
  desktop.close()
  await expect.poll(windows, patience).toEqual([true])
  desktop = await openDesktop(process.env)
  await expect.poll(() => labels().catch(() => []), patience).toContain('Open Quayside')
})

test('quitting from the tray ends the app in good order', async () => {
  const exited = once(window.app.process(), 'exit')
  await desktop.choose('Quit')
  expect(await exited).toEqual([0, null])
})

test('closing the window ends the app where the settings say so', async () => {
  const other = await launch({ electron: inject('electron') })
  await expect.poll(labels, startPatience).toEqual(['Open Quayside', 'Create database…', 'Quit'])
  await other.page.evaluate(() =>
    globalThis.window.quayside.invoke('settings.set', { closeToTray: false }),
  )
  // What closing does is looked up beforehand: two seconds after a change at most, with the rest.
  await sleep(3_000)
  const exited = once(other.app.process(), 'exit')
  await other.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  expect(await exited).toEqual([0, null])
  await other.close()
})

test('a window closed before anything stands behind it leaves the app in the tray', async () => {
  const other = await launch({ electron: inject('electron'), closeAtOnce: true })
  await expect.poll(labels, startPatience).toEqual(['Open Quayside', 'Create database…', 'Quit'])
  const opening = other.app.waitForEvent('window')
  await desktop.choose('Open Quayside')
  await (await opening).getByRole('heading', { name: 'Where do your databases run?' }).waitFor()
  const exited = once(other.app.process(), 'exit')
  await desktop.choose('Quit')
  expect(await exited).toEqual([0, null])
  await other.close()
})
