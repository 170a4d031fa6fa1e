import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { openStores } from '../../electron/adapters/sqlite/index.ts'
import { repository } from '../../scripts/program.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import { faultsInBothThemes } from './accessibility.ts'
import { clearHost } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { addThisComputer, createDatabase, open } from './window-steps.ts'

// The list and the palette, with the keyboard alone wherever there are keys; each test goes on where
// the last ended.

let window: LaunchedApp
const socket = () => inject('lab').local.dockerSocket

beforeAll(async () => {
  window = await launch({ electron: inject('electron') })
  const { page } = window
  await addThisComputer(page, socket())
  await createDatabase(page, { name: 'shop', version: '15', environment: 'Production' })
  await open(page, 'Databases')
  await page.getByRole('button', { name: 'New database' }).click()
  await createDatabase(page, { name: 'ledger', version: '15' })
  await open(page, 'Databases')
})
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  await clearHost(socket())
})

const row = (name: string, state: string) =>
  window.page.getByRole('row', { name: new RegExp(`^${name}, \\w+, ${state}$`) })
const focused = () => window.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))

test('rows are reached, folded and opened by keys', async () => {
  const { page } = window
  await row('ledger', 'Running').waitFor()
  await page.keyboard.press('/')
  expect(await focused()).toBe('Search databases')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).toBe('ledger, Development, Running')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).toBe('shop, Production, Running')
  await page.keyboard.press('Home')
  await expect.poll(focused).toBe('Host here, 2, unfolded')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(focused).toBe('Host here, 2, folded')
  expect(await row('shop', 'Running').count()).toBe(0)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('End')
  await expect.poll(focused).toBe('shop, Production, Running')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Databases', level: 1 }).waitFor()
})

test('an icon button tells its name to the pointer and to the keyboard, once', async () => {
  const { page } = window
  const tip = page.getByRole('tooltip')
  await row('ledger', 'Running').hover()
  await row('ledger', 'Running').getByRole('button', { name: 'Stop ledger' }).hover()
  await expect.poll(() => tip.allTextContents()).toEqual(['Stop ledger'])
  await page.getByRole('heading', { name: 'Databases', level: 1 }).hover()
  await expect.poll(() => tip.count()).toBe(0)

  await row('ledger', 'Running').focus()
  for (let presses = 0; (await focused()) !== 'More for ledger'; presses += 1) {
    expect(presses).toBeLessThan(5)
    await page.keyboard.press('Tab')
  }
  await expect.poll(() => tip.allTextContents()).toEqual(['More for ledger'])
  expect(await faultsInBothThemes(page)).toEqual([])
  // What it opens stands in the place of its name.
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await expect.poll(() => tip.count()).toBe(0)
  await page.keyboard.press('Escape')
})

test('Space shows a row beside the list, which the panel goes along', async () => {
  const { page } = window
  await row('ledger', 'Running').focus()
  await page.keyboard.press('Space')
  const panel = (name: string) => page.getByRole('region', { name, exact: true })
  await panel('ledger').getByRole('button', { name: 'Copy URL' }).waitFor()
  expect(await faultsInBothThemes(page)).toEqual([])
  await page.keyboard.press('j')
  await panel('shop').waitFor()
  await expect.poll(focused).toBe('shop, Production, Running')
  await page.keyboard.press('Escape')
  await panel('shop').waitFor({ state: 'detached' })
  await page.keyboard.press('Space')
  await panel('shop').getByRole('link', { name: 'Open shop' }).focus()
  await page.keyboard.press('Escape')
  await expect.poll(focused).toBe('shop, Production, Running')
  await panel('shop').waitFor({ state: 'detached' })
})

test('folds and filters are there again when the list is', async () => {
  const { page } = window
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(focused).toBe('Host here, 2, folded')
  await page.reload()
  await page.getByRole('row', { name: 'Host here, 2, folded' }).click()
  await row('ledger', 'Running').waitFor()
})

test('the search and the filters narrow the list', async () => {
  const { page } = window
  await page.keyboard.press('/')
  await page.keyboard.type('prod here')
  await page.getByText('1 of 2 databases').waitFor()
  expect(await row('ledger', 'Running').count()).toBe(0)
  await page.keyboard.press('Escape')
  await row('ledger', 'Running').waitFor()
  await page.getByRole('button', { name: 'Filter by state' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Stopped' }).click()
  await page.keyboard.press('Escape')
  await page.getByText('No database fits.').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await row('shop', 'Running').waitFor()
})

test('several are stopped and started; production asks first, what is left out is said', async () => {
  const { page } = window
  const bar = page.getByRole('toolbar', { name: 'Selected databases' })
  await row('ledger', 'Running').focus()
  await page.keyboard.press('x')
  await bar.getByText('1 selected').waitFor()
  await bar.getByRole('button', { name: 'Stop' }).press('Enter')
  await row('ledger', 'Stopped').waitFor()
  await bar.waitFor({ state: 'detached' })
  // The keys of the list work on, and those for the whole window too: the stop is taken back.
  await expect.poll(focused).toBe('ledger, Development, Stopped')
  await page.getByText('1 database is stopped').waitFor()
  await page.keyboard.press('Control+z')
  await row('ledger', 'Running').waitFor()
  await page.keyboard.press('x')
  await bar.getByRole('button', { name: 'Stop' }).click()
  await row('ledger', 'Stopped').waitFor()

  await row('ledger', 'Stopped').focus()
  await page.keyboard.press('Shift+ArrowDown')
  await bar.getByText('2 selected').waitFor()
  expect(await faultsInBothThemes(page)).toEqual([])
  await bar.getByRole('button', { name: 'Stop 1…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Stop 1 database' })
  await dialog.getByText('Skipped: ledger (it is not running).').waitFor()
  await dialog.getByRole('button', { name: 'Stop 1 database' }).click()
  await row('shop', 'Stopped').waitFor()

  await row('shop', 'Stopped').focus()
  await page.keyboard.press('Control+a')
  await bar.getByRole('button', { name: 'Start' }).click()
  await page.getByText('2 databases run').waitFor()
  await row('shop', 'Running').waitFor()
  await row('ledger', 'Running').waitFor()

  // Those that the search hides are counted, and asked about.
  await page.keyboard.press('Control+a')
  await page.keyboard.press('/')
  await page.keyboard.type('ledger')
  await bar.getByText('2 selected, 1 of them not shown').waitFor()
  await bar.getByRole('button', { name: 'Stop…' }).click()
  const unseen = page.getByRole('list', { name: 'Not shown in the list now' })
  await unseen.getByText('shop').waitFor()
  expect(await faultsInBothThemes(page)).toEqual([])
  // Not while a dialog asks.
  await page.keyboard.press('Control+2')
  await unseen.waitFor()
  await page.keyboard.press('Escape')
  await unseen.waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await page.keyboard.press('Escape')
  await bar.getByText('2 selected', { exact: true }).waitFor()
  // From where the focus happens to be.
  await bar.getByRole('button', { name: 'Stop…' }).focus()
  await page.keyboard.press('Escape')
  await bar.waitFor({ state: 'detached' })
  await expect.poll(focused).toContain('Running')
})

test('the palette copies, asks before production stops, and leads to places', async () => {
  const { app, page } = window
  const palette = page.getByRole('dialog', { name: 'Commands' })
  const chosen = palette.getByRole('option', { selected: true })
  await app.evaluate(({ clipboard }) => clipboard.writeText(''))
  await page.keyboard.press('Control+k')
  await page.keyboard.type('ledg')
  await chosen.getByText('Copy connection URL').waitFor()
  expect(await faultsInBothThemes(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByText('The connection URL of ledger is copied').waitFor()
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(
    /^postgres:\/\/db_user_.*\/ledger/,
  )
  // It hands the focus back as it goes: keys before that are not the next one's.
  await palette.waitFor({ state: 'detached' })

  await page.keyboard.press('Control+k')
  await page.keyboard.type('stop shop')
  await chosen.getByText('Stop…').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Stop shop' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  for (const [words, entry] of [
    ['shop delete', 'Delete…'],
    ['log shop', 'Show log'],
    ['ports here', 'Show ports of here'],
  ] as const) {
    await page.keyboard.press('Control+k')
    await page.keyboard.type(words)
    await chosen.getByText(entry).waitFor()
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'detached' })
  }

  await page.keyboard.press('Control+k')
  await palette.getByRole('option').first().waitFor()
  await page.keyboard.press('Tab')
  await palette.getByPlaceholder('Actions').waitFor()
  await page.keyboard.press('Backspace')
  await page.keyboard.type('activity')
  await chosen.getByText('Show activity').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
})

test('what the palette asks follows what it asks about, and asks again', async () => {
  const { page } = window
  const palette = page.getByRole('dialog', { name: 'Commands' })
  const run = async (words: string, entry: string) => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type(words)
    await palette.getByRole('option', { selected: true }).getByText(entry).waitFor()
    await page.keyboard.press('Enter')
    await palette.waitFor({ state: 'detached' })
  }
  await run('shop delete', 'Delete…')
  const guarded = page.getByRole('dialog', { name: 'shop is protected' })
  await guarded.getByRole('button', { name: 'Lift protection' }).click()
  await guarded.waitFor({ state: 'detached' })
  await page.getByRole('dialog', { name: 'Delete shop' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  // Also where the place has not changed since it was cancelled.
  for (let time = 0; time < 2; time++) {
    await run('ledger back up', 'Back up now…')
    await page.getByRole('dialog', { name: 'Back up ledger' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
})

test('the shortcuts stand on a sheet', async () => {
  const { page } = window
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await sheet.getByText('Copy connection URL').waitFor()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
})

test('a template of one’s own is filled when it is copied', async () => {
  const { app, page } = window
  await open(page, 'Databases')
  await page.getByRole('link', { name: 'ledger', exact: true }).click()
  await page.getByRole('tab', { name: 'Template' }).click()
  const field = page.getByRole('textbox', { name: 'Template' })
  await field.fill('{nam}')
  await page.getByText('There is no placeholder {nam} (character 1).').waitFor()
  await field.fill('{{{name}}} {user}:{password:url}@{host}')
  const connection = page.getByRole('region', { name: 'Connection' })
  expect(await connection.getByLabel('Connection as Template').innerText()).toContain('••••••••')
  await connection.getByRole('button', { name: 'Copy', exact: true }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(
    /^\{ledger\} db_user_[0-9a-f]{6}:[A-Za-z0-9]{24}@127\.0\.0\.1$/,
  )
})

test('what the command line changes shows in the list', async () => {
  const { home, page } = window
  await open(page, 'Databases')
  await row('ledger', 'Running').waitFor()
  const main = join(repository, 'electron/cli/main.ts')
  const words = ['db', 'delete', 'ledger', '--confirm', 'ledger']
  await promisify(execFile)(process.execPath, [main, ...words], {
    env: { ...process.env, QUAYSIDE_HOME: home },
  })
  // Its container stops too, but only the data tells that it lies in the trash.
  await page.getByText('1 database', { exact: true }).waitFor()
  expect(await row('ledger', 'Running').count()).toBe(0)
  await row('shop', 'Running').waitFor()
})

test('among a thousand, focus and choice stay through scrolling, changes and the search', async () => {
  const { home, page } = window
  const containerName = addThousand(home)
  await page.getByText('1,001 databases').waitFor()
  const bar = page.getByRole('toolbar', { name: 'Selected databases' })
  const drawn = page.locator('[role=row][data-index]')

  await page.keyboard.press('/')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).not.toBe('Search databases')
  await page.keyboard.press('Home')
  await expect.poll(focused).toBe('Host here, 1001, unfolded')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).toBe('many-0000, Production, Failed')
  await page.keyboard.press('x')
  await page.keyboard.press('End')
  await expect.poll(focused).toBe('shop, Production, Running')
  await page.keyboard.press('x')
  await bar.getByText('2 selected').waitFor()

  // The row with the focus is there also while it is scrolled away, and hears of its changes.
  await drawn.last().hover()
  await page.mouse.wheel(0, -100_000)
  await row('many-0000', 'Failed').waitFor()
  expect(await drawn.count()).toBeLessThan(60)
  const docker = (verb: string) =>
    promisify(execFile)('docker', ['--host', `unix://${socket()}`, verb, containerName])
  await docker('pause')
  await row('shop', 'Needs a look').waitFor()
  expect(await focused()).toBe('shop, Production, Needs a look')
  await docker('unpause')
  await row('shop', 'Running').waitFor()

  await page.keyboard.press('/')
  await page.keyboard.type('many-09')
  await row('many-0900', 'Failed').waitFor()
  expect(await row('many-0000', 'Failed').count()).toBe(0)
  expect(await focused()).toBe('Search databases')
  await bar.getByText('2 selected').waitFor()
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).toBe('many-0900, Production, Failed')
  await page.keyboard.press('/')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).toBe('many-0900, Production, Failed')
  await page.keyboard.press('End')
  await expect.poll(focused).toBe('shop, Production, Running')
  expect(await row('shop', 'Running').getAttribute('aria-selected')).toBe('true')
})

/** A thousand more like the one that is left, which have lost their containers. Answers with its own. */
function addThousand(home: string): string {
  const stores = openStores({ file: join(home, 'quayside.sqlite'), clock: createClock() })
  try {
    const shop = stores.databases.list().find(({ name }) => name === 'shop')
    if (shop === undefined) throw new Error('There is no shop.')
    stores.transaction(() => {
      for (let index = 0; index < 1_000; index += 1) {
        const name = `many-${String(index).padStart(4, '0')}`
        const own = { name, containerName: `quayside-${name}`, volumeName: `quayside-${name}` }
        const id = databaseIdSchema.parse(crypto.randomUUID())
        stores.databases.insert({ ...shop, ...own, id, port: 40_000 + index })
      }
    })
    return shop.containerName
  } finally {
    stores.close()
  }
}
