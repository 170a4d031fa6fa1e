import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { clearHost, leftovers } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { copyUrl, createDatabase, psql } from './window-steps.ts'

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

test('this computer’s Docker is added by its socket', async () => {
  const { page } = window
  await page.getByRole('radio', { name: 'This computer' }).check()
  await page.getByRole('textbox', { name: 'Docker socket' }).fill(socket())
  await page.getByRole('button', { name: 'Connect' }).click()
  const naming = page.getByRole('form', { name: 'Name of the host' })
  await naming.getByRole('textbox', { name: 'Name' }).fill('here')
  await naming.getByRole('button', { name: 'Add host' }).click()
  await page.getByRole('heading', { name: 'New database' }).waitFor()
})

test('a database there is reached without a tunnel', async () => {
  const { app, page } = window
  await createDatabase(page, { name: 'near', version: '15' })
  const url = new URL(await copyUrl(app, page))
  expect(url.hostname).toBe('127.0.0.1')
  expect(await psql(url.href, 'SELECT 6 * 7')).toBe('42')
  expect(await page.getByText(/Tunnel open on/).count()).toBe(0)
})
