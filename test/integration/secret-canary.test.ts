import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import { toErrorData } from '../../shared/errors.ts'
import { coreOnLab, create, discard, expectDone, type CoreOnLab } from '../faults/core-on-lab.ts'

// The password is known to the keychain and to PostgreSQL; it is looked for wherever else it could be.

let on: CoreOnLab
let id: DatabaseId
let container: string
let password: string

beforeAll(async () => {
  on = await coreOnLab()
  const created = await create(on, 'canary')
  id = created.id
  await expectDone(on.core, created.jobId)
  container = 'canary-development-postgres'
  password = (await on.core.databases.reveal({ id })).password
  expect(password).toMatch(/^[A-Za-z0-9]{24}$/)
})
afterAll(async () => {
  await discard(on.core, id, 'canary')
  await on.close()
})

/** As it is, as base64 and as hex: none of them may be found. */
function expectAbsent(text: string, where: string): void {
  expect(text.length, `${where} is empty, so nothing was looked at`).toBeGreaterThan(0)
  const bytes = Buffer.from(password)
  for (const form of [
    password,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
  ]) {
    expect(text.includes(form), where).toBe(false)
  }
}

async function onHost(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await on.lab.docker('h1', args)
  return stdout + stderr
}

describe('on the host', () => {
  test('docker inspect and the labels do not hold it', async () => {
    expectAbsent(await onHost(['inspect', container]), 'inspect')
    expectAbsent(await onHost(['volume', 'inspect', `${container}-data`]), 'volume inspect')
    expectAbsent(await onHost(['logs', container]), 'logs')
  })

  test('no process has it in its arguments or its environment', async () => {
    const script =
      'for p in /proc/[0-9]*; do tr "\\0" "\\n" <$p/environ; tr "\\0" " " <$p/cmdline; done'
    const inside = await onHost(['exec', container, 'sh', '-c', `${script} 2>/dev/null`])
    expect(inside).toContain('POSTGRES_USER=db_user_')
    expectAbsent(inside, 'processes of the container')
    const { stdout } = await on.lab.exec('h1', ['ps', 'axwwe', '-o', 'args'])
    expectAbsent(stdout, 'processes of the host')
  })

  test('its file is there for the next start, and empty', async () => {
    const size = await onHost(['exec', container, 'stat', '-c', '%s %a', '/run/quayside/password'])
    expect(size.trim()).toBe('0 400')
    expectAbsent(await onHost(['diff', container]), 'diff')
  })

  test('the container starts again without it', async () => {
    await expectDone(on.core, (await on.core.databases.restart({ id })).jobId)
    await expect(on.core.databases.stats({ id })).resolves.toMatchObject({ maxConnections: 100 })
  })
})

describe('on this computer', () => {
  test('no file of Quayside holds it: data, logs, copies', async () => {
    const files = await filesBelow(on.home)
    expect(files.map((file) => file.slice(on.home.length + 1))).toContain('quayside.sqlite')
    for (const file of files) {
      if ((await stat(file)).size === 0) continue
      expectAbsent((await readFile(file)).toString('latin1'), file)
    }
  })

  test('no answer but the one that reveals it holds it, and no error does', async () => {
    const { core } = on
    const answers = [
      await core.databases.list({}),
      await core.databases.connection({ id }),
      await core.jobs.list({ limit: 100 }),
      await core.hosts.list({}),
    ]
    expectAbsent(JSON.stringify(answers), 'answers')
    await expectDone(core, (await core.databases.stop({ id })).jobId)
    const error = await core.databases.stats({ id }).catch((thrown: unknown) => thrown)
    expectAbsent(JSON.stringify(toErrorData(error)), 'an error')
    expectAbsent(error instanceof Error ? String(error.stack) : '', 'an error’s stack')
    await expectDone(core, (await core.databases.start({ id })).jobId)
  })
})

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
