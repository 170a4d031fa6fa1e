import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { clearHost, leftovers } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { addThisComputer, copyUrl, createDatabase, open, psql } from './window-steps.ts'

// Docker on this computer: no SSH, no tunnel.

let window: LaunchedApp
const socket = () => inject('lab').local.dockerSocket

beforeAll(async () => {
  window = await launch({ electron: inject('electron') })
})
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  await clearHost(socket())
})

test('a socket behind which nobody listens is refused, and mended in the form', async () => {
  const { page } = window
  await page.getByRole('radio', { name: 'This computer' }).check()
  const field = page.getByRole('textbox', { name: 'Docker socket' })
  await field.fill('/nowhere/docker.sock')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('alert').getByText('Docker was not found.').waitFor()
  await page.getByRole('button', { name: 'Change it' }).click()
  expect(await field.inputValue()).toBe('/nowhere/docker.sock')
  expect(await field.getAttribute('aria-invalid')).toBe('true')
})

test('this computer’s Docker is added by its socket', async () => {
  const { page } = window
  await addThisComputer(page, socket())
  await page.getByRole('heading', { name: 'New database' }).waitFor()
})

test('a database there is reached without a tunnel', async () => {
  const { app, page } = window
  await createDatabase(page, { name: 'near', version: '15' })
  const url = new URL(await copyUrl(app, page))
  expect(url.hostname).toBe('127.0.0.1')
  expect(await psql(url.href, 'SELECT 6 * 7')).toBe('42')
  expect(await page.getByText(/Tunnel (open|in use) on/).count()).toBe(0)
})

test('deleted and purged, nothing of it is left', async () => {
  const { page } = window
  await page.getByRole('button', { name: 'Open database' }).click()
  await page.getByRole('button', { name: 'Delete…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('near')
  await dialog.getByRole('button', { name: 'Delete near' }).click()
  await page.getByText('near is in the trash for 7 d').waitFor()
  await open(page, 'Databases')
  await page.getByRole('button', { name: 'Trash 1' }).click()
  await page.getByRole('button', { name: 'Purge…' }).click()
  await dialog.getByRole('textbox').fill('near')
  await dialog.getByRole('button', { name: 'Purge near' }).click()
  await open(page, 'Activity')
  await page.getByRole('row', { name: 'Purge near, Done' }).waitFor()
  expect(await leftovers(socket())).toEqual([])
})
