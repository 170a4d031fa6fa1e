import { expect, test } from 'vitest'
import type { BackupView } from '../../../shared/contract/backups.ts'
import { hostIdSchema, type HostId, type HostView } from '../../../shared/contract/hosts.ts'
import { runOn, type Outcome } from '../cli-test-bench.ts'
import { someDatabase, someHost, someJob } from '../cli-test-things.ts'

const first = someHost()
const second = someHost({
  id: hostIdSchema.parse('11111111-1111-4111-8111-111111111112'),
  name: 'ams-2',
})
const database = someDatabase({ hostId: second.id })
const backupId = '3f2a9c1b-1f3a-4b1e-9b5e-0f6c6a4c7c11'

/** Has a backup tested, of that database or of one that is not here; gives the host it was to be on. */
async function testOn(
  { of, hosts }: { of: typeof database | null; hosts: HostView[] },
  ...more: string[]
): Promise<Outcome & { on: HostId | undefined }> {
  let on: HostId | undefined
  const steps = [{ name: 'restore', fact: '2 tables, 3 rows: as in the backup' }]
  const job = someJob({ kind: 'test-restore', hostName: 'ams-2', steps: steps as never })
  const copy = { destinationId: '6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c11', destinationName: 'near' }
  const backup = { id: backupId, databaseId: of?.id ?? null, copies: [copy] }
  const outcome = await runOn(
    {
      core: {
        secrets: {
          status: () => Promise.resolve({ place: 'keychain', state: 'ready', error: null }),
        },
        hosts: { list: () => Promise.resolve(hosts) },
        databases: { list: () => Promise.resolve(of === null ? [] : [of]) },
        backups: {
          list: () => Promise.resolve([backup as unknown as BackupView]),
          testRestore: ({ hostId }) => {
            on = hostId
            return Promise.resolve({ jobId: job.id })
          },
        },
        jobs: { list: () => Promise.resolve([]), get: () => Promise.resolve(job) },
        onEvent: () => () => undefined,
        work: () => undefined,
        waitForJob: () => Promise.resolve(job),
        runningJobs: () => Promise.resolve([]) as never,
      },
    },
    ...['backup', 'test', '3f2a9c1b', ...more],
  )
  return { ...outcome, on }
}

test('a backup is tested on the host of its database, or on the one that is named', async () => {
  const hosts = [first, second]
  const { code, stdout, on } = await testOn({ of: database, hosts })
  expect({ code, on }).toEqual({ code: 0, on: second.id })
  expect(stdout).toBe(
    'The copy at near was restored on ams-2. 2 tables, 3 rows: as in the backup.\n',
  )
  expect(await testOn({ of: database, hosts }, '--host', 'ams-1')).toMatchObject({
    code: 0,
    on: first.id,
  })
})

test('where its database is not here: on the only host, else on one that has to be named', async () => {
  expect(await testOn({ of: null, hosts: [first] })).toMatchObject({ code: 0, on: first.id })
  const several = await testOn({ of: null, hosts: [first, second] })
  expect(several).toMatchObject({ code: 2, on: undefined })
  expect(several.stderr).toContain('Name one by --host: ams-1, ams-2.')
  const none = await testOn({ of: null, hosts: [] })
  expect(none).toMatchObject({ on: undefined })
  expect(none.code).not.toBe(0)
  expect(none.stderr).toContain('quayside host add')
})
