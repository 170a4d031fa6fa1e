import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startBareHost, type BareHost } from '../lab/bare/bare-host.ts'
import { instanceNamed } from '../lab/instance.ts'
import { expectAccessible } from './accessibility.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { fillServer, open } from './window-steps.ts'

// A bare Debian behind a real sshd: why it does not work, and what helps, in the window. Each test
// goes on where the last ended.

let bare: BareHost
let window: LaunchedApp

beforeAll(async () => {
  bare = await startBareHost(instanceNamed(inject('lab').env['QUAYSIDE_LAB'] ?? ''))
  window = await launch({ electron: inject('electron') })
}, 240_000)
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  await bare.end()
})

/** The line of a check's step, with what opened below it. */
const stepOf = (title: string) => window.page.getByRole('listitem').filter({ hasText: title })

test('a server without Docker: what can be checked is, and the plan is shown first', async () => {
  const { page } = window
  const server = { host: bare.address, port: 22, user: 'admin', keyPath: bare.keyPath }
  await fillServer(page, server)
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('Once you trust it, the key is pinned.').waitFor()
  await page.getByRole('button', { name: 'It matches, trust this key' }).click()
  await stepOf('Find Docker')
    .getByText(/^There is no Docker on/)
    .waitFor()
  await stepOf('Disk and memory').getByRole('img', { name: 'done' }).waitFor()
  await stepOf('Clock').getByRole('img', { name: 'done' }).waitFor()

  await page.getByRole('button', { name: 'Install Docker…' }).click()
  const plan = page.getByRole('region', { name: 'Plan of the installation' })
  await plan.getByText(/by admin through sudo/).waitFor()
  expect(await plan.getByLabel('Start Docker', { exact: true }).innerText()).toBe(
    'sudo -n service docker start',
  )
  await expectAccessible(window.page)
  expect((await bare.exec(['sh', '-c', 'ls /var/lib/apt/lists'])).stdout).toBe('')
})

// A real installation takes what the machine gives.
const slow = { timeout: 240_000 }

test('a failing command says why, and a retry goes on until Docker can be used', slow, async () => {
  const { page } = window
  await bare.mirror.setOpen(false)
  await page.getByRole('textbox', { name: 'Name of the host' }).fill('bare-1')
  await page.getByRole('button', { name: 'Add host and install Docker' }).click()
  await page.getByRole('heading', { name: 'The way to bare-1' }).waitFor()
  const job = page.getByRole('region', { name: /^Install Docker on/ })
  await job.getByText('bare-1 can’t reach its package mirrors.').waitFor({ timeout: 30_000 })
  await expectAccessible(window.page)

  await bare.mirror.setOpen(true)
  await page.getByRole('button', { name: 'Retry' }).click()
  await page.getByText('A command that has begun goes on to its end there').waitFor()
  // The whole way is walked again by itself.
  await stepOf('Docker version')
    .getByText(/^Docker \d/)
    .waitFor({ timeout: 200_000 })
  await stepOf('Clock').getByRole('img', { name: 'done' }).waitFor()
  await open(page, 'Hosts')
  await page.getByRole('row', { name: 'bare-1, Ready' }).waitFor()
})

test('a host that is gone: “Find out why” leads to the failing step', async () => {
  const { page } = window
  // Twice, as the app may connect again before the one that listens is met.
  await bare.exec([
    ...['sh', '-c'],
    `for _ in 1 2; do for status in /proc/[0-9]*/status; do
      grep -q '^Name:[[:space:]]sshd' $status && kill -9 $(basename $(dirname $status)); done; done; true`,
  ])
  const row = page.getByRole('row', { name: /^bare-1, / })
  const label = () => row.getAttribute('aria-label')
  await expect.poll(label, { timeout: 30_000 }).toMatch(/^bare-1, Unknown/)
  await row.click()
  await page.getByRole('button', { name: 'Find out why' }).click()
  await stepOf('Reach port 22')
    .getByText(`${bare.address}, port 22, refuses the connection.`)
    .waitFor()
  await stepOf('Log in as admin').getByRole('img', { name: 'not run' }).waitFor()

  await bare.exec(['sh', '-c', '/usr/sbin/sshd -o UsePAM=no -o UseDNS=no'])
  await page.getByRole('button', { name: 'Check again' }).first().click()
  await stepOf('Clock').getByRole('img', { name: 'done' }).waitFor()
})

test('a Docker that does not run has the command that starts it, to copy', async () => {
  const { app, page } = window
  await bare.exec(['service', 'docker', 'stop'])
  await page.getByRole('button', { name: 'Check again' }).first().click()
  const step = stepOf('Find Docker').or(stepOf('May admin use Docker?'))
  await step.getByRole('alert').first().waitFor()
  await step.getByRole('button', { name: 'Copy command' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText())
  expect(copied).toMatch(/^sudo systemctl /)
})
