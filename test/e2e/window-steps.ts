import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ElectronApplication, Page } from 'playwright'

/** A first create may pull the image and initialise the database on a slow machine. */
const createMs = 90_000

/** A server as the lab describes it, or anything else with a key. */
export interface SshServer {
  host: string
  port: number
  user: string
  keyPath: string
  hostKeyFingerprint: string
}

/** Told after each screen, for whoever takes pictures. */
export type OnScreen = (name: string) => Promise<void>
const noPictures: OnScreen = () => Promise.resolve()

/**
 * Adds a server over SSH by the form for hosts, as a user does, and accepts its key only after
 * comparing it with the one that is expected.
 */
export async function addHost(
  page: Page,
  server: SshServer,
  name: string,
  onScreen = noPictures,
): Promise<void> {
  await fillServer(page, server)
  await onScreen('1-where')
  await page.getByRole('button', { name: 'Connect' }).click()
  const trust = page.getByRole('button', { name: 'It matches, trust this key' })
  await trust.waitFor()
  await onScreen('2-host-key')
  const shown = (await page.getByRole('main').innerText()).replaceAll(/\s/g, '')
  if (!shown.includes(server.hostKeyFingerprint)) {
    throw new Error(`the window shows another key than ${server.hostKeyFingerprint}`)
  }
  await trust.click()
  const naming = page.getByRole('form', { name: 'Name of the host' })
  await naming.getByRole('textbox', { name: 'Name' }).fill(name)
  await onScreen('3-host-found')
  await naming.getByRole('button', { name: 'Add host' }).click()
  await naming.waitFor({ state: 'detached' })
}

/** Adds this computer by the form for hosts, with the Docker behind a socket. */
export async function addThisComputer(page: Page, socket: string, name = 'here'): Promise<void> {
  await page.getByRole('radio', { name: 'This computer' }).check()
  await page.getByRole('textbox', { name: 'Docker socket' }).fill(socket)
  await page.getByRole('button', { name: 'Connect' }).click()
  const naming = page.getByRole('form', { name: 'Name of the host' })
  await naming.getByRole('textbox', { name: 'Name' }).fill(name)
  await naming.getByRole('button', { name: 'Add host' }).click()
  await naming.waitFor({ state: 'detached' })
}

/** Fills the form for a server over SSH, without sending it. */
export async function fillServer(
  page: Page,
  { host, port, user, keyPath }: Omit<SshServer, 'hostKeyFingerprint'>,
): Promise<void> {
  await page.getByRole('textbox', { name: 'Address' }).fill(host)
  await page.getByRole('textbox', { name: 'User' }).fill(user)
  await page.getByRole('textbox', { name: 'Port' }).fill(String(port))
  await page.getByRole('radio', { name: 'Key file' }).check()
  await page.getByRole('combobox', { name: 'Key file' }).fill(keyPath)
}

/** What the form for a new database is filled with. */
export interface NewDatabase {
  name: string
  version: string
  environment?: 'Production' | 'Staging' | 'Development'
}

/** Fills the form for a new database and sends it; the create then runs. */
export async function beginCreate(
  page: Page,
  { name, version, environment = 'Development' }: NewDatabase,
  onScreen = noPictures,
): Promise<void> {
  await page.getByRole('heading', { name: 'New database' }).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('combobox', { name: 'Version' }).click()
  await page.getByRole('option', { name: version, exact: true }).click()
  await page.getByRole('radio', { name: environment }).check()
  await page.getByText(/^free on/).waitFor()
  await onScreen('4-new-database')
  await page.getByRole('button', { name: 'Create database' }).click()
}

/** As `beginCreate`, and waits until the database is ready. */
export async function createDatabase(
  page: Page,
  database: NewDatabase,
  onScreen = noPictures,
): Promise<void> {
  await beginCreate(page, database, onScreen)
  const creating = page.getByRole('heading', { name: `Creating ${database.name}` })
  const ready = page.getByRole('heading', { name: `${database.name} is ready` })
  await creating.or(ready).waitFor()
  await onScreen('5-creating')
  await ready.waitFor({ timeout: createMs })
  await page.getByRole('region', { name: 'Credentials' }).waitFor()
  await onScreen('6-ready')
}

/** Copies the connection URL by the window's own button and reads it from the clipboard. */
export async function copyUrl(app: ElectronApplication, page: Page): Promise<string> {
  await app.evaluate(({ clipboard }) => clipboard.writeText(''))
  await page
    .getByRole('region', { name: 'Connection' })
    .getByRole('button', { name: 'Copy', exact: true })
    .click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  return app.evaluate(({ clipboard }) => clipboard.readText())
}

/** Asks a query by the real command-line client with exactly this string; what it answers. */
export async function psql(url: string, query: string): Promise<string> {
  const { stdout } = await promisify(execFile)('psql', [url, '-X', '-A', '-t', '-c', query], {
    timeout: 20_000,
  })
  return stdout.trim()
}

/** Opens one of the sidebar's pages. */
export async function open(page: Page, place: 'Databases' | 'Hosts' | 'Activity'): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: place })
    .first()
    .click()
  await page.getByRole('heading', { name: place, level: 1 }).waitFor()
}
