import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { faultsInBothThemes } from './accessibility.ts'
import { clearHost } from './clear-host.ts'
import { launch, type LaunchedApp } from './launch.ts'
import { putManifest } from './put-manifest.ts'
import { beginCreate } from './window-steps.ts'

// Every screen, with real data, in both themes.

let window: LaunchedApp
let folder: string
const socket = () => inject('lab').local.dockerSocket

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quayside-screens-'))
  window = await launch({ electron: inject('electron') })
})
afterAll(async () => {
  expect(window.problems).toEqual([])
  await window.close()
  await clearHost(socket())
  await rm(folder, { recursive: true })
})

/** Screens by the ways a user goes there; each is looked at in both themes where it stands. */
const walk: { screen: string; go: (app: LaunchedApp) => Promise<void> }[] = [
  {
    screen: 'first run',
    go: async ({ page }) => page.getByRole('textbox', { name: 'Address' }).waitFor(),
  },
  {
    screen: 'a check that fails',
    go: async ({ page }) => {
      await page.getByRole('radio', { name: 'This computer' }).check()
      await page.getByRole('textbox', { name: 'Docker socket' }).fill('/nowhere/docker.sock')
      await page.getByRole('button', { name: 'Connect' }).click()
      await page.getByRole('alert').getByText('Docker was not found.').waitFor()
    },
  },
  {
    screen: 'naming a host',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Change it' }).click()
      await page.getByRole('textbox', { name: 'Docker socket' }).fill(socket())
      await page.getByRole('button', { name: 'Connect' }).click()
      await page.getByRole('form', { name: 'Name of the host' }).waitFor()
    },
  },
  {
    screen: 'a new database',
    go: async ({ page }) => {
      const naming = page.getByRole('form', { name: 'Name of the host' })
      await naming.getByRole('textbox', { name: 'Name' }).fill('here')
      await naming.getByRole('button', { name: 'Add host' }).click()
      await page.getByRole('heading', { name: 'New database' }).waitFor()
    },
  },
  {
    screen: 'a database that is being created',
    go: async ({ page }) => {
      await beginCreate(page, { name: 'seen', version: '15', environment: 'Production' })
      await page.getByRole('heading', { name: /^Creating seen|^seen is ready/ }).waitFor()
    },
  },
  {
    screen: 'a database that is ready',
    go: async ({ page }) => {
      await page.getByRole('region', { name: 'Credentials' }).waitFor({ timeout: 90_000 })
    },
  },
  {
    screen: 'a database',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Open database' }).click()
      await page.getByRole('region', { name: 'Connection' }).waitFor()
    },
  },
  {
    screen: 'the question before a stop',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Stop' }).first().click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { screen: 'the databases', go: (app) => show(app, '/databases') },
  { screen: 'the hosts', go: (app) => show(app, '/hosts') },
  { screen: 'another host', go: (app) => show(app, '/hosts/new') },
  {
    screen: 'a host',
    go: async (app) => {
      await app.page.getByRole('navigation').getByRole('link', { name: 'here' }).click()
      await app.page.getByRole('heading', { name: 'here', level: 1 }).waitFor()
      await app.page.getByRole('region', { name: 'Open ports' }).getByRole('table').waitFor()
    },
  },
  {
    screen: 'the log of a database',
    go: async (app) => {
      await show(app, '/databases')
      await app.page.getByRole('link', { name: 'seen', exact: true }).click()
      await app.page.getByRole('link', { name: 'Show log' }).first().click()
      await app.page.getByText('database system is ready to accept connections').first().waitFor()
    },
  },
  {
    screen: 'the palette',
    go: async (app) => {
      await show(app, '/databases')
      await app.page.keyboard.press('Control+k')
      await app.page.getByRole('dialog').waitFor()
    },
  },
  { screen: 'the backups', go: (app) => show(app, '/backups') },
  { screen: 'the destinations', go: (app) => show(app, '/backups/destinations') },
  { screen: 'an import', go: (app) => show(app, '/databases/import') },
  { screen: 'the recovery key', go: (app) => show(app, '/backups/recovery-key') },
  { screen: 'a new destination', go: (app) => show(app, '/backups/destinations/new') },
  { screen: 'the schedules', go: (app) => show(app, '/backups/schedules') },
  { screen: 'a new schedule', go: (app) => show(app, '/backups/schedules/new') },
  {
    screen: 'a destination that is changed',
    go: async (app) => {
      const { page } = app
      await show(app, '/backups/destinations/new')
      await page.getByRole('radio', { name: 'Folder on this computer' }).check()
      await page.getByRole('textbox', { name: 'Folder' }).fill(folder)
      await page.getByRole('textbox', { name: 'Name' }).fill('near')
      await page.getByRole('button', { name: 'Add destination' }).click()
      await page.getByRole('row', { name: 'near' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('form', { name: 'Destination' }).waitFor()
    },
  },
  {
    screen: 'a schedule that is changed',
    go: async (app) => {
      const { page } = app
      await show(app, '/backups/schedules/new')
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('nightly')
      await page.getByRole('switch', { name: 'Encrypt' }).uncheck()
      await page.getByRole('switch', { name: /^On/ }).uncheck()
      await page.getByRole('button', { name: 'Add schedule' }).click()
      await page.getByRole('row', { name: 'nightly' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Would remove' }).waitFor()
    },
  },
  {
    screen: 'the question before a schedule is turned on',
    go: async (app) => {
      const { page } = app
      await putScheduledBackups(app)
      await show(app, '/backups/destinations')
      await page.getByRole('button', { name: 'More for near' }).click()
      await page.getByRole('menuitem', { name: 'Look for backups there' }).click()
      await page.getByText('5 backups found').waitFor()
      await show(app, '/backups/schedules')
      await page.getByRole('button', { name: 'More for nightly' }).click()
      await page.getByRole('menuitem', { name: 'Turn on' }).click()
      await page.getByRole('dialog', { name: 'Turn on nightly' }).waitFor()
    },
  },
  { screen: 'the settings', go: (app) => show(app, '/settings') },
  { screen: 'activity', go: (app) => show(app, '/activity') },
  {
    screen: 'a job beside the activity',
    go: async ({ page }) => {
      await page.getByRole('row', { name: /Create seen/ }).click()
      await page.getByRole('complementary').getByText('Create seen').first().waitFor()
    },
  },
  { screen: 'nothing at this address', go: (app) => show(app, '/nowhere') },
  {
    screen: 'the keyboard shortcuts',
    go: async (app) => {
      await show(app, '/databases')
      await app.page.keyboard.press('?')
      await app.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    },
  },
  {
    screen: 'a filter that is open',
    go: async (app) => {
      await show(app, '/databases')
      await app.page.getByRole('button', { name: 'Filter by state' }).click()
      await app.page.getByRole('menu').waitFor()
    },
  },
  {
    screen: 'the menu of a database',
    go: async (app) => {
      await app.page.keyboard.press('Escape')
      await app.page.getByRole('menu').waitFor({ state: 'detached' })
      await app.page.getByRole('row', { name: /^seen/ }).hover()
      await app.page.getByRole('button', { name: 'More for seen' }).click()
      await app.page.getByRole('menu').waitFor()
    },
  },
  {
    screen: 'a database that is protected from its deletion',
    go: async ({ page }) => {
      await page.getByRole('menuitem', { name: 'Delete…' }).click()
      await page.getByRole('dialog', { name: 'seen is protected' }).waitFor()
    },
  },
  {
    screen: 'the question before a delete',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Lift protection' }).click()
      await page.getByRole('dialog', { name: 'Delete seen' }).waitFor()
    },
  },
  {
    screen: 'the trash',
    go: async ({ page }) => {
      await page.getByRole('dialog').getByRole('textbox').fill('seen')
      await page.getByRole('button', { name: 'Delete seen' }).click()
      await page.getByRole('button', { name: 'Trash 1' }).click()
      await page.getByRole('button', { name: 'Purge…' }).waitFor()
    },
  },
  {
    screen: 'the question before a purge',
    go: async ({ page }) => {
      await page.getByRole('button', { name: 'Purge…' }).click()
      await page.getByRole('dialog', { name: 'Purge seen' }).waitFor()
    },
  },
  {
    screen: 'the question before a host is removed',
    go: async (app) => {
      await show(app, '/hosts')
      await app.page.getByRole('row', { name: /^here/ }).click()
      await app.page.getByRole('button', { name: 'More', exact: true }).click()
      await app.page.getByRole('menuitem', { name: 'Remove host…' }).click()
      await app.page.getByRole('dialog').waitFor()
    },
  },
]

describe.each(walk)('$screen', ({ go }) => {
  test('has no serious fault in the light or in the dark', async () => {
    await go(window)
    expect(await faultsInBothThemes(window.page)).toEqual([])
  })
})

describe('a computer without a keychain', () => {
  const passphrase = 'a passphrase for this test'
  // Where no session bus is, there is no keychain either.
  const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }
  let home: string
  let app: LaunchedApp | undefined

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'quayside-vault-'))
  })
  afterEach(async () => {
    await app?.close()
    expect(app?.problems).toEqual([])
  })
  afterAll(() => rm(home, { recursive: true }))

  async function openDialog(banner: string, button: string): Promise<Locator> {
    app = await launch({ electron: inject('electron'), home, env })
    const { page } = app
    await page.getByRole('status', { name: 'Passwords' }).getByText(banner).waitFor()
    expect(await faultsInBothThemes(page)).toEqual([])
    await page.getByRole('button', { name: button }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    return dialog
  }

  async function bothGone(dialog: Locator): Promise<void> {
    await dialog.waitFor({ state: 'detached' })
    await dialog.page().getByRole('status', { name: 'Passwords' }).waitFor({ state: 'detached' })
  }

  test('says so, and makes a vault, without a serious fault in the light or in the dark', async () => {
    const dialog = await openDialog('keychain can’t be reached', 'Use a vault file instead…')
    await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await dialog.getByRole('button', { name: 'Create vault' }).click()
    await dialog.getByText('The two differ.').waitFor()
    expect(await faultsInBothThemes(dialog.page())).toEqual([])
    await dialog.getByLabel('Passphrase again').fill(passphrase)
    await dialog.getByRole('button', { name: 'Create vault' }).click()
    await bothGone(dialog)
  })

  test('opens its vault at the next start, without one either', async () => {
    const dialog = await openDialog('holds your passwords is locked', 'Unlock vault…')
    await dialog.getByLabel('Passphrase').fill('another one')
    await dialog.getByRole('button', { name: 'Unlock vault' }).click()
    await dialog.locator('[aria-invalid="true"]').waitFor()
    expect(await faultsInBothThemes(dialog.page())).toEqual([])
    await dialog.getByLabel('Passphrase').fill(passphrase)
    await dialog.getByRole('button', { name: 'Unlock vault' }).click()
    await bothGone(dialog)
  })
})

async function show({ page }: LaunchedApp, path: string): Promise<void> {
  await page.keyboard.press('Escape')
  await page.evaluate((hash) => {
    location.hash = hash
  }, path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
}

/** More backups of the database than its schedule keeps, as one has made them. */
async function putScheduledBackups(app: LaunchedApp): Promise<void> {
  const { page } = app
  await show(app, '/databases')
  await page.getByRole('link', { name: 'seen', exact: true }).click()
  await page.getByRole('region', { name: 'Connection' }).waitFor()
  const id = new URL(page.url()).hash.replace('#/databases/', '')
  for (const minute of [0, 1, 2, 3, 4]) {
    await putManifest(folder, {
      database: { id, name: 'seen', host: 'here', environment: 'production', logicalName: 'seen' },
      createdAt: new Date(Date.UTC(2026, 0, 15, 3, minute)),
      madeBy: { quayside: '0.0.0', schedule: true },
      tables: [],
      warnings: [],
    })
  }
}
