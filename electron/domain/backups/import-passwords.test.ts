import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { createSecrets } from '../../adapters/keychain/index.ts'
import { someJob, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { secretKeys, type JobRecord, type Secrets, type Stores } from '../ports.ts'
import { createImportPasswords, passwordFacts } from './import-passwords.ts'
import { silentLog } from '../silent-log.ts'

const day = 86_400_000

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof standingClock>
let stores: Stores
let secrets: Secrets

beforeEach(async () => {
  folder = temporaryFolder()
  clock = standingClock()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  secrets = createSecrets({ home: folder.path, service: 'Quayside', clock })
  await secrets.createVault('a vault of this test alone')
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

async function imported(change: Partial<JobRecord>): Promise<{ key: string; job: JobRecord }> {
  const databaseId = databaseIdSchema.parse(crypto.randomUUID())
  const job = someJob({ kind: 'import-server', input: { create: { databaseId } }, ...change })
  stores.jobs.insert(job, [{ name: 'begin', title: 'Take the connection in' }])
  const key = secretKeys.importSource(databaseId)
  await secrets.set(key, 'password')
  return { key, job }
}

it('the password of a failed import stays for a day, in which it may be retried, and no longer', async () => {
  const asked: string[] = []
  const passwords = createImportPasswords({
    stores,
    clock,
    log: silentLog,
    secrets: {
      delete: (key) => {
        asked.push(key)
        return secrets.delete(key)
      },
    },
  })
  const failed = await imported({ state: 'failed', endedAt: clock.now() })
  const active = await imported({ state: 'waiting', endedAt: null })
  await passwords.forgetOld()
  expect(await secrets.get(failed.key)).toBe('password')

  clock.at += day
  await passwords.forgetOld()
  expect(await secrets.get(failed.key)).toBeNull()
  expect(await secrets.get(active.key)).toBe('password')
  expect(stores.jobs.steps(failed.job.id)[0]?.fact).toBe(passwordFacts.forgotten)
  // The keychain is asked once for each.
  await passwords.forgetOld()
  expect(asked).toEqual([failed.key])
})
