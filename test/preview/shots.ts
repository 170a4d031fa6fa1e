// Takes pictures of every screen with invented data: `node test/preview/shots.ts [folder] [name…]`.
import type { Page } from 'playwright'
import { id } from './data.ts'
import { takeShots, type Shot } from './take-shots.ts'

const connect = async (page: Page) => {
  await page.getByRole('textbox', { name: 'Address' }).fill('203.0.113.24')
  await page.getByRole('button', { name: 'Connect' }).click()
}

const lookAtServer = async (page: Page, url: string) => {
  await page.getByText('Server elsewhere').click()
  await page.getByRole('textbox', { name: 'Connection string' }).fill(url)
  await page.getByRole('textbox', { name: 'Name' }).fill('old-shop')
  await page.getByRole('button', { name: 'Look at the server' }).click()
}

const copyMenu = (page: Page) =>
  page
    .getByRole('button', { name: /^More for the copy at/ })
    .first()
    .click()

const shots: Shot[] = [
  {
    name: '01-databases',
    path: '/databases',
    act: (page) => page.getByRole('row', { name: 'shop-sessions' }).hover(),
  },
  {
    name: '01b-trash',
    path: '/databases',
    act: (page) => page.getByRole('button', { name: /Trash/ }).click(),
  },
  {
    name: '01c-menu',
    path: '/databases',
    act: async (page) => {
      await page.getByRole('row', { name: 'shop-sessions' }).hover()
      await page.getByRole('button', { name: 'More for shop-sessions' }).click()
    },
  },
  {
    name: '01e-selected',
    path: '/databases',
    act: async (page) => {
      await page.getByRole('row', { name: 'shop-sessions' }).focus()
      await page.keyboard.press('x')
      await page.keyboard.press('Shift+ArrowDown')
      await page.keyboard.press('Shift+ArrowDown')
    },
  },
  {
    name: '01f-stop-several',
    path: '/databases',
    act: async (page) => {
      await page.getByRole('row', { name: 'shop-sessions' }).focus()
      await page.keyboard.press('Control+a')
      await page.getByRole('button', { name: /^Stop \d/ }).click()
    },
  },
  {
    name: '01f2-stop-unseen',
    path: '/databases',
    act: async (page) => {
      await page.getByRole('row', { name: 'shop-sessions' }).focus()
      await page.keyboard.press('Control+a')
      await page.getByRole('textbox', { name: 'Search databases' }).fill('shop')
      await page.getByRole('button', { name: /^Stop \d/ }).click()
    },
  },
  {
    name: '01g-many',
    path: '/databases',
    scenario: 'many',
    act: async (page) => {
      await page.getByRole('row', { name: /^billing-1,/ }).focus()
      for (let n = 0; n < 4; n += 1) await page.keyboard.press('PageDown')
    },
  },
  {
    name: '02j-template',
    path: `/databases/${id(101)}`,
    act: async (page) => {
      await page.getByRole('tab', { name: 'Template' }).click()
      await page.getByRole('textbox', { name: 'Template' }).fill('{user}@{host}:{prot}')
    },
  },
  {
    name: '02k-template',
    path: `/databases/${id(101)}`,
    act: async (page) => {
      await page.getByRole('tab', { name: 'Template' }).click()
      await page
        .getByRole('textbox', { name: 'Template' })
        .fill('{user}:{password:url}@{host}:{port}/{database}')
    },
  },
  {
    name: '01h-filter',
    path: '/databases',
    act: async (page) => {
      await page.getByRole('button', { name: 'Filter by state' }).click()
      await page.getByRole('menuitemcheckbox', { name: 'Stopped' }).click()
    },
  },
  {
    name: '01i-panel',
    path: '/databases',
    act: async (page) => {
      await page.getByRole('row', { name: /^shop, Production/ }).focus()
      await page.keyboard.press('Space')
    },
  },
  { name: '01d-empty', path: '/databases', scenario: 'no-databases' },
  { name: '02-database', path: `/databases/${id(101)}` },
  {
    name: '02b-staging',
    path: `/databases/${id(103)}`,
    act: (page) => page.getByRole('tab', { name: 'Django' }).click(),
  },
  {
    name: '02h-tunnel-used',
    path: `/databases/${id(101)}`,
    scenario: 'busy-tunnel',
    act: (page) => page.getByRole('button', { name: /clients/ }).click(),
  },
  {
    name: '02i-tunnel-closed',
    path: `/databases/${id(101)}`,
    act: (page) => page.getByRole('button', { name: 'Close tunnel' }).click(),
  },
  {
    name: '02i-tunnel-elsewhere',
    path: `/databases/${id(101)}`,
    scenario: 'tunnel-elsewhere',
  },
  { name: '02c-stopped', path: `/databases/${id(106)}` },
  { name: '02d-trash', path: `/databases/${id(110)}` },
  { name: '02e-unknown', path: `/databases/${id(108)}` },
  {
    name: '02f-delete',
    path: `/databases/${id(103)}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Delete…' }).click()
      await page.getByRole('textbox', { name: /to confirm/ }).fill('shop')
    },
  },
  {
    name: '02g-stop',
    path: `/databases/${id(101)}`,
    act: (page) => page.getByRole('button', { name: 'Stop…' }).click(),
  },
  {
    name: '03a-create',
    path: '/databases/new',
    act: async (page) => {
      await page.getByRole('radio', { name: 'Production' }).check()
      await page.getByRole('textbox', { name: 'Name' }).fill('orders')
      await page.getByText('free on').waitFor()
    },
  },
  {
    name: '03a2-create-error',
    path: '/databases/new',
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Name' }).fill('shop')
      await page.waitForTimeout(600)
    },
  },
  { name: '03b-creating', path: `/databases/new/${id(500)}`, scenario: 'creating' },
  { name: '03c-created', path: `/databases/new/${id(507)}` },
  { name: '03d-failed', path: `/databases/new/${id(502)}` },
  {
    name: '04a-first-run',
    path: '/',
    scenario: 'first-run',
    act: (page) => page.getByRole('textbox', { name: 'Address' }).fill('203.0.113.24'),
  },
  {
    name: '04a2-password',
    path: '/hosts/new',
    act: async (page) => {
      await page.getByRole('radio', { name: 'Password' }).check()
      await page.getByRole('textbox', { name: 'Address' }).fill('ssh://host')
      await page.getByRole('button', { name: 'Connect' }).click()
    },
  },
  {
    name: '04a3-config',
    path: '/hosts/new',
    act: (page) => page.getByRole('radio', { name: 'From SSH config' }).check(),
  },
  {
    name: '04a4-key',
    path: '/hosts/new',
    act: (page) => page.getByRole('radio', { name: 'Key file' }).check(),
  },
  { name: '04b-host-key', path: '/hosts/new', act: connect },
  { name: '04b2-running', path: '/hosts/new', scenario: 'slow-check', act: connect },
  { name: '04b3-failing', path: '/hosts/new', scenario: 'failing-check', act: connect },
  {
    name: '04b5-install-plan',
    path: '/hosts/new',
    scenario: 'no-docker',
    act: async (page) => {
      await connect(page)
      await page.getByRole('button', { name: 'Install Docker…' }).click()
      await page.getByRole('textbox', { name: 'Name of the host' }).waitFor()
    },
  },
  { name: '04b4-passphrase', path: '/hosts/new', scenario: 'passphrase', act: connect },
  {
    name: '04c-name',
    path: '/hosts/new',
    act: async (page) => {
      await connect(page)
      await page.getByRole('button', { name: 'It matches, trust this key' }).click()
      await page.getByRole('button', { name: 'Add host' }).waitFor()
    },
  },
  {
    name: '04d-advanced',
    path: '/hosts/new',
    act: async (page) => {
      await connect(page)
      await page.getByRole('button', { name: 'It matches, trust this key' }).click()
      await page.getByRole('button', { name: 'Advanced' }).click()
      await page.getByRole('textbox', { name: 'Data directory' }).fill('srv')
      await page.getByRole('button', { name: 'Add host' }).click()
    },
  },
  { name: '05-hosts', path: '/hosts' },
  { name: '05b-host', path: `/hosts/${id(2)}` },
  {
    name: '05b2-data-directory',
    path: `/hosts/${id(2)}`,
    act: (page) => page.getByRole('button', { name: 'Change' }).click(),
  },
  { name: '05c-lost', path: `/hosts/${id(3)}` },
  { name: '05d-key-changed', path: `/hosts/${id(4)}` },
  {
    name: '05e-decide',
    path: `/hosts/${id(4)}`,
    act: (page) => page.getByRole('button', { name: 'Compare and decide…' }).click(),
  },
  { name: '05f-password', path: `/hosts/${id(5)}` },
  {
    name: '05g-check',
    path: `/hosts/${id(1)}`,
    scenario: 'failing-check',
    act: (page) => page.getByRole('button', { name: 'Check again' }).click(),
  },
  { name: '05h-diagnosis', path: `/hosts/${id(3)}/diagnosis`, scenario: 'no-docker' },
  {
    name: '05i-install-plan',
    path: `/hosts/${id(3)}/diagnosis`,
    scenario: 'no-docker',
    act: async (page) => {
      await page.getByRole('button', { name: 'Install Docker…' }).click()
      await page.getByRole('button', { name: 'Install Docker', exact: true }).waitFor()
    },
  },
  { name: '05j-install-cut', path: `/hosts/${id(3)}/diagnosis`, scenario: 'install-cut' },
  {
    name: '06a-backups',
    path: '/backups',
    act: (page) => page.getByRole('row', { name: /^shop-sessions,/ }).hover(),
  },
  {
    name: '06a2-back-up-now',
    path: '/backups',
    act: async (page) => {
      await page.getByRole('row', { name: /^shop, Production/ }).focus()
      await page.getByRole('button', { name: 'Back up now', exact: true }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: '06a3-row-focused',
    path: '/backups',
    act: async (page) => {
      await page.getByRole('row', { name: /^reports/ }).focus()
      await page.keyboard.press('ArrowDown')
    },
  },
  { name: '06a4-nothing-stored', path: '/backups', scenario: 'many' },
  { name: '06a5-gone', path: '/backups', scenario: 'backups-gone' },
  { name: '06a6-gone-of', path: `/backups/${id(103)}`, scenario: 'backups-gone' },
  { name: '06b-backups-of', path: `/backups/${id(101)}` },
  {
    name: '06c-back-up',
    path: `/backups/${id(101)}`,
    act: (page) => page.getByRole('button', { name: 'Back up now' }).click(),
  },
  { name: '06d-none', path: `/backups/${id(106)}` },
  {
    name: '06e-rows',
    path: `/backups/${id(101)}`,
    act: (page) => page.getByRole('button', { name: 'Rows of its tables' }).first().click(),
  },
  { name: '06f-destinations', path: '/backups/destinations' },
  { name: '06g-no-destinations', path: '/backups/destinations', scenario: 'no-databases' },
  {
    name: '06h-check',
    path: '/backups/destinations',
    act: (page) => page.getByRole('button', { name: 'Check nas', exact: true }).click(),
  },
  {
    name: '06i-add',
    path: '/backups/destinations/new',
    act: async (page) => {
      await page.getByRole('radio', { name: 'S3 or compatible' }).check()
      await page.getByRole('textbox', { name: 'Bucket' }).fill('shop')
      await page.getByRole('button', { name: 'Check' }).click()
    },
  },
  { name: '06j-edit', path: `/backups/destinations/${id(802)}` },
  {
    name: '06k2-copy-menu',
    path: `/backups/${id(101)}`,
    act: copyMenu,
  },
  { name: '06k3-unproven', path: `/backups/${id(103)}` },
  {
    name: '06k4-test-restore',
    path: `/backups/${id(101)}`,
    act: async (page) => {
      await copyMenu(page)
      await page.getByRole('menuitem', { name: 'Test restore…' }).click()
      await page.getByRole('combobox', { name: 'Host' }).waitFor()
    },
  },
  {
    name: '06k-remove-copy',
    path: `/backups/${id(101)}`,
    act: async (page) => {
      await copyMenu(page)
      await page.getByRole('menuitem', { name: 'Remove copy…' }).click()
    },
  },
  {
    name: '06c2-recovery-key',
    path: `/backups/${id(101)}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Back up now' }).click()
      await page.getByRole('button', { name: 'Show recovery key' }).click()
      await page.getByRole('textbox', { name: /last group/ }).fill('XXXXX')
      await page.getByRole('button', { name: 'I have saved it' }).click()
    },
  },
  { name: '06m-restore', path: `/backups/restore/${id(900)}/${id(801)}` },
  {
    name: '06n-in-place',
    path: `/backups/restore/${id(900)}/${id(801)}`,
    act: async (page) => {
      await page.getByRole('radio', { name: 'In place' }).check()
      await page.getByRole('textbox', { name: /to confirm/ }).fill('shop')
    },
  },
  {
    name: '06n2-another-database',
    path: `/backups/restore/${id(900)}/${id(801)}`,
    act: async (page) => {
      await page.getByRole('radio', { name: 'Another database' }).check()
      await page.getByRole('combobox', { name: 'Database' }).click()
      await page.getByRole('option', { name: 'shop (staging) on fra-1' }).click()
      await page.getByRole('textbox', { name: /to confirm/ }).fill('shop')
    },
  },
  { name: '06o-restored', path: `/backups/restored/${id(530)}/${id(900)}` },
  { name: '06p-schedules', path: '/backups/schedules' },
  { name: '06q-no-schedules', path: '/backups/schedules', scenario: 'no-databases' },
  {
    name: '06q2-turn-on-schedule',
    path: '/backups/schedules',
    act: async (page) => {
      await page.getByRole('button', { name: 'More for wiki' }).click()
      await page.getByRole('menuitem', { name: 'Turn on' }).click()
    },
  },
  {
    name: '06q3-remove-schedule',
    path: '/backups/schedules',
    act: async (page) => {
      await page.getByRole('button', { name: 'More for wiki' }).click()
      await page.getByRole('menuitem', { name: /Remove/ }).click()
    },
  },
  { name: '06r-schedule', path: `/backups/schedules/${id(850)}` },
  {
    name: '06r2-schedule-below',
    path: `/backups/schedules/${id(850)}`,
    act: (page) => page.getByText('Off, it stays here').scrollIntoViewIfNeeded(),
  },
  {
    name: '06s-new-schedule',
    path: '/backups/schedules/new',
    act: async (page) => {
      await page.getByRole('radio', { name: 'One database' }).check()
      await page.getByRole('button', { name: 'Add schedule' }).click()
    },
  },
  {
    name: '03g-import-server',
    path: '/databases/import',
    act: (page) => lookAtServer(page, 'postgresql://reader:secret@db.example.com/shop'),
  },
  {
    name: '03h-import-looking',
    path: '/databases/import',
    act: (page) => lookAtServer(page, 'postgresql://reader:secret@silent.example.com/shop'),
  },
  {
    name: '03i-import-pooler',
    path: '/databases/import',
    act: (page) => lookAtServer(page, 'postgresql://reader:secret@db.example.com:6543/shop'),
  },
  {
    name: '03j-import-certificate',
    path: '/databases/import',
    act: (page) =>
      lookAtServer(page, 'postgresql://reader:secret@db.example.com/shop?sslmode=verify-full'),
  },
  {
    name: '06t-export',
    path: `/backups/${id(101)}/export`,
    act: (page) => page.getByRole('button', { name: 'Choose file…' }).click(),
  },
  {
    name: '03f-import',
    path: '/databases/import',
    act: async (page) => {
      await page.getByRole('button', { name: 'Choose file…' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('old-shop')
      await page.getByText('free on').waitFor()
    },
  },
  {
    name: '06u-recovery-key',
    path: '/backups/recovery-key',
    scenario: 'many',
    act: async (page) => {
      await page.getByRole('button', { name: 'Show recovery key…' }).click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: 'Show recovery key', exact: true })
        .click()
    },
  },
  { name: '06l-failed', path: `/backups/${id(105)}` },
  { name: '07-activity', path: `/activity/${id(502)}` },
  { name: '07b-running', path: `/activity/${id(500)}` },
  { name: '07c-interrupted', path: `/activity/${id(504)}` },
  ...['', 'shop', 'stop wiki', 'nothing of the kind'].map((text, n): Shot => ({
    name: `09${'abcd'[n] ?? ''}-palette`,
    path: '/databases',
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill(text)
    },
  })),
  {
    name: '09e-scope',
    path: '/databases',
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.press('Tab')
    },
  },
  { name: '09f-shortcuts', path: '/databases', act: (page) => page.keyboard.press('?') },
  {
    name: '10-log',
    path: `/databases/${id(101)}/log`,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Search the log' }).fill('checkpoint')
      await page.keyboard.press('Enter')
    },
  },
  { name: '10b-log-end', path: `/databases/${id(103)}/log` },
  { name: '11-settings', path: '/settings' },
  { name: '11b-disk-full', path: '/settings', scenario: 'disk-full' },
  { name: '08-no-keychain', path: '/databases', scenario: 'no-keychain' },
  {
    name: '08b-vault',
    path: '/databases',
    scenario: 'no-keychain',
    act: (page) => page.getByRole('button', { name: 'Use a vault file instead…' }).click(),
  },
  {
    name: '08c-locked',
    path: '/databases',
    scenario: 'vault-locked',
    act: (page) => page.getByRole('button', { name: 'Unlock vault…' }).click(),
  },
]

const [folder = 'demo-out/preview', ...only] = process.argv.slice(2)
const [width = 1280, height = 800] = (process.env['SIZE'] ?? '1280x800').split('x').map(Number)
await takeShots(
  shots.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part))),
  {
    size: { width, height },
    schemes: process.env['SCHEMES']?.split(',').map((name) => (name === 'dark' ? name : 'light')),
    fileOf: ({ name }, scheme) => `${folder}/${name}-${width}-${scheme}.png`,
  },
)
