import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { clearHost } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { addThisComputer, createDatabase, open } from './window-steps.ts'

// Live statistics in the window, over this computer's Docker: the same script as over SSH.

let window: LaunchedApp
const socket = () => inject('lab').local.dockerSocket

beforeAll(async () => {
  window = await launch({ electron: inject('electron') })
  const { page } = window
  await addThisComputer(page, socket())
  await createDatabase(page, { name: 'lively', version: '15' })
})
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  await clearHost(socket())
})

test('the page of a database draws its charts, live', async () => {
  const { page } = window
  await page.getByRole('button', { name: 'Open database' }).click()
  const charts = page.getByRole('region', { name: 'Live statistics' })
  await charts.getByText('Live, every 2 s').waitFor()
  const names = ['CPU', 'Memory', 'Connections', 'Transactions', 'Network', 'Cache hits']
  for (const name of names) {
    await charts.getByRole('img', { name: `${name} over time` }).waitFor()
  }
  // Two beats later there is a line, and not a dot.
  await charts.locator('path.recharts-area-curve').first().waitFor({ state: 'attached' })
  await charts.getByText(/^\d[\d.]* per second$/).waitFor()
  await charts.getByText('15 min').click()
  await charts.getByRole('img', { name: 'CPU over time' }).waitFor()
})

test('the list has the numbers, and a small line', async () => {
  const { page } = window
  await open(page, 'Databases')
  const row = page.getByRole('row', { name: /^lively/ })
  await row.getByRole('img', { name: 'CPU, the last minutes' }).waitFor()
  await row.getByRole('meter', { name: 'Memory' }).waitFor()
  // The exact version comes along with them.
  await row.getByText(/^PostgreSQL 15\.\d+$/).waitFor()
})
