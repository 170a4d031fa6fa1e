import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { labVersion } from '../faults/lab-version.ts'
import { clearHost } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { addHost, createDatabase, open } from './window-steps.ts'

const [server] = inject('lab').hosts
if (server === undefined) throw new Error('the lab has no host')

let window: LaunchedApp
const file = join(tmpdir(), `quayside-${Math.random().toString(36).slice(2)}.log`)

beforeAll(async () => {
  window = await launch({ electron: inject('electron') })
})
afterAll(async () => {
  await window.close()
  await clearHost(server.dockerSocket)
  await rm(file, { force: true })
})

it('shows the log of a database, finds words in it, and saves it', async () => {
  const { app, page } = window
  await addHost(page, server.ssh, 'logs')
  await open(page, 'Databases')
  await page.getByRole('button', { name: 'New database' }).first().click()
  await createDatabase(page, { name: 'written', version: labVersion })
  await open(page, 'Databases')
  await page.getByRole('row', { name: /written/ }).press('Enter')
  await page.getByRole('link', { name: 'Show log' }).click()
  const log = page.getByRole('log')
  await log.getByText('ready to accept connections').first().waitFor()
  const search = page.getByRole('textbox', { name: 'Search the log' })
  await search.fill('READY TO ACCEPT')
  await page.getByText(/^\d+ found$/).waitFor()
  await search.press('Enter')
  await page.getByText(/^\d+ of \d+$/).waitFor()
  expect(await log.locator('mark').first().innerText()).toMatch(/ready to accept/i)
  // The system's dialog is no part of the page; the user's answer is given in its place.
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, file)
  await page.getByRole('button', { name: 'Download…' }).click()
  await page.getByText(/lines saved/).waitFor()
  expect(await readFile(file, 'utf8')).toMatch(/ready to accept connections\n/)
  expect(window.problems).toEqual([])
})
