import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { createClock } from '../../adapters/clock/index.ts'
import { createSecrets } from '../../adapters/keychain/index.ts'
import { someJob, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { passwordFacts } from '../../domain/backups/import-passwords.ts'
import { secretKeys, type Secrets } from '../../domain/ports.ts'
import { runCli } from '../main.ts'

const day = 86_400_000
const clock = createClock()
const passphrase = 'a vault of this test alone'

let folder: ReturnType<typeof temporaryFolder>
let vault: Secrets

beforeEach(async () => {
  folder = temporaryFolder()
  vault = createSecrets({ home: folder.path, service: 'Quayside', clock })
  await vault.createVault(passphrase)
})
afterEach(() => folder[Symbol.dispose]())

const file = (name: string): string => join(folder.path, name)

/** Runs a command on the data in the folder, where nobody sits to be asked. */
async function quayside(...argv: string[]): Promise<number> {
  const stream = () => new PassThrough().resume()
  return runCli(argv, {
    stdin: stream(),
    stdout: stream(),
    stderr: stream(),
    now: () => clock.now(),
    env: { QUAYSIDE_HOME: folder.path },
    onSignal: () => () => undefined,
    exitNow: () => undefined,
  })
}

/** An import that failed so long ago, and its password in the vault; answers with where that lies. */
async function failedImport(ageMs: number): Promise<string> {
  const databaseId = databaseIdSchema.parse(crypto.randomUUID())
  const stores = openStores({ file: file('quayside.sqlite'), clock })
  const input = { create: { databaseId } }
  const endedAt = clock.now() - ageMs
  const job = someJob({ kind: 'import-server', input, state: 'failed', endedAt })
  stores.jobs.insert(job, [{ name: 'begin', title: 'Take the connection in' }])
  stores.jobs.updateStep(job.id, 'begin', { fact: passwordFacts.kept })
  stores.close()
  const key = secretKeys.importSource(databaseId)
  await vault.set(key, 'password')
  return key
}

it('a command takes out the password of an import that failed a day ago, no window needed', async () => {
  writeFileSync(file('passphrase'), `${passphrase}\n`, { mode: 0o600 })
  const old = await failedImport(day)
  const young = await failedImport(day / 2)

  // The vault stays locked, so nothing can be taken out of it yet, and the command does its work.
  expect(await quayside('schedule', 'run-due')).toBe(0)
  expect(await vault.get(old)).toBe('password')

  const unlocked = ['--vault-passphrase-file', file('passphrase')]
  expect(await quayside('schedule', 'run-due', ...unlocked)).toBe(0)
  expect(await vault.get(old)).toBeNull()
  expect(await vault.get(young)).toBe('password')
})
