import { describe, expect, it } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someDatabase, someHost, someJob } from '../cli-test-things.ts'

const shop = someDatabase()
const stagingShop = someDatabase({
  id: databaseIdSchema.parse('44444444-4444-4444-8444-444444444444'),
  environment: 'staging',
})
const otherShop = someDatabase({
  id: databaseIdSchema.parse('55555555-5555-4555-8555-555555555555'),
  hostName: 'fra-1',
  environment: 'staging',
})
const list = (...databases: (typeof shop)[]) => ({ list: () => Promise.resolve(databases) })

describe('naming a database', () => {
  const core = {
    databases: {
      ...list(shop, stagingShop, otherShop),
      reveal: ({ id }: { id: string }) => Promise.resolve({ password: id }),
    },
  }

  it.each([
    [[shop.id], shop.id],
    [['shop@fra-1'], otherShop.id],
    [['shop', '--environment', 'production'], shop.id],
    [['shop', '--host', 'fra-1'], otherShop.id],
    [['shop@ams-1', '--environment', 'staging'], stagingShop.id],
  ])('finds %j', async (argv, id) => {
    expect(await runOn({ core }, 'db', 'password', ...argv)).toEqual({
      code: 0,
      stdout: `${id}\n`,
      stderr: '',
    })
  })

  it('refuses a name that fits several and lists them', async () => {
    const { code, stderr } = await runOn({ core }, 'db', 'password', 'shop')
    expect(code).toBe(2)
    for (const { id } of [shop, stagingShop, otherShop]) expect(stderr).toContain(id)
  })

  it('says so when the database lies in the trash', async () => {
    const trashed = someDatabase({ status: 'trash', deletedAt: 0 })
    const { code, stderr } = await runOn(
      { core: { databases: list(trashed) } },
      'db',
      'stop',
      'shop',
    )
    expect(code).toBe(3)
    expect(stderr).toContain('quayside db undelete shop')
  })
})

describe('db list', () => {
  it('prints an aligned table without the trash', async () => {
    const unknown = someDatabase({
      name: 'analytics',
      status: 'unknown',
      since: Date.UTC(2026, 0, 2, 11, 22),
    })
    const trashed = someDatabase({ name: 'old', status: 'trash', deletedAt: 0 })
    const core = { databases: list(shop, unknown, trashed) }
    const { stdout } = await runOn({ core }, 'db', 'list')
    expect(stdout).toBe(
      [
        'NAME       HOST   ENVIRONMENT  ENGINE  STATE                           PORT  REASON',
        'shop       ams-1  production   toy 17  running                         5432',
        'analytics  ams-1  production   toy 17  unknown, last known 38 min ago  5432',
        '',
      ].join('\n'),
    )
    const all = await runOn({ core }, 'db', 'list', '--trash', '--json')
    expect(JSON.parse(all.stdout)).toHaveLength(3)
  })
})

/** A core in which a database is created by a job that the test holds in its hands. */
function creatingCore(waitForJob: NonNullable<CoreParts['waitForJob']>): CoreParts {
  return {
    hosts: { list: () => Promise.resolve([someHost()]) },
    engines: {
      list: () =>
        Promise.resolve([
          {
            id: 'toy',
            label: 'Toy',
            versions: [{ version: '17', label: '17' }],
            defaultPort: 5432,
            icon: '',
            client: 'toy',
          },
        ]),
    },
    databases: {
      ...list(shop),
      create: (input) => {
        expect(input).toMatchObject({ name: 'shop', version: '17', environment: 'development' })
        return Promise.resolve({ id: shop.id, jobId: someJob().id })
      },
    },
    jobs: { get: () => Promise.resolve(someJob()) },
    waitForJob,
  }
}

describe('db create', () => {
  it('waits, tells the steps on stderr and answers with the database', async () => {
    const core = creatingCore(() => Promise.resolve(someJob()))
    const { code, stdout, stderr } = await runOn({ core }, 'db', 'create', 'shop', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ id: shop.id, status: 'running' })
    expect(JSON.parse(stderr)).toMatchObject({ progress: { step: 'pull', fact: '412 MB' } })
  })

  it('fails with the job’s own error and its code', async () => {
    const error = { code: 'image_not_found', message: 'No such image.', hint: 'Another.' } as const
    const core = creatingCore(() => Promise.resolve(someJob({ state: 'failed', error })))
    const { code, stderr } = await runOn({ core }, 'db', 'create', 'shop', '--quiet')
    expect(code).toBe(8)
    expect(stderr).toBe('Error: No such image.\nAnother.\n')
  })

  it('cancels the job at the first Ctrl-C and says so', async () => {
    let interrupt = () => undefined as void
    let finish: (job: JobView) => void = () => undefined
    const core = creatingCore(() => {
      const job = new Promise<JobView>((resolve) => (finish = resolve))
      setImmediate(() => interrupt())
      return job
    })
    const cancelled: string[] = []
    const jobs: CoreParts['jobs'] = {
      ...core.jobs,
      cancel: ({ id }) => {
        cancelled.push(id)
        setImmediate(() => finish(someJob({ state: 'cancelled' })))
        return Promise.resolve({})
      },
    }
    const { code, stderr } = await runOn(
      { core: { ...core, jobs }, onStart: (press) => (interrupt = press) },
      ...['db', 'create', 'shop'],
    )
    expect(cancelled).toEqual([someJob().id])
    expect(stderr).toContain('Cancelling. What was made so far is removed.')
    expect(code).toBe(130)
  })

  it('goes on with the job when nobody reads the answer', async () => {
    const cancelled: string[] = []
    const core = creatingCore(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return someJob()
    })
    const jobs: CoreParts['jobs'] = {
      ...core.jobs,
      cancel: ({ id }) => {
        cancelled.push(id)
        return Promise.resolve({})
      },
    }
    const { code } = await runOn({ core: { ...core, jobs }, reads: 0 }, 'db', 'create', 'shop')
    expect({ code, cancelled }).toEqual({ code: 0, cancelled: [] })
  })

  it('leaves the job to the next start at the second Ctrl-C', async () => {
    let interrupt = () => undefined as void
    const core = creatingCore(
      (_id, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () =>
            reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')),
          )
          setImmediate(() => interrupt())
          setTimeout(() => interrupt(), 20)
        }),
    )
    const jobs: CoreParts['jobs'] = { ...core.jobs, cancel: () => Promise.resolve({}) }
    let closed = false
    const { code, stderr } = await runOn(
      {
        core: {
          ...core,
          jobs,
          close: () => {
            closed = true
            return Promise.resolve()
          },
        },
        onStart: (press) => (interrupt = press),
      },
      ...['db', 'create', 'shop'],
    )
    expect(code).toBe(130)
    expect(closed).toBe(true)
    expect(stderr).toContain('The next start of Quayside goes on with it.')
  })

  it.each([
    [['Shop!'], 'lower-case letters'],
    [['shop', '--engine', 'oracle'], 'There is no engine "oracle"'],
    [['shop', '--environment', 'prod'], '--environment'],
    [['shop', '--plan', '--detach'], 'can’t go together'],
  ])('refuses %j', async (argv, reason) => {
    const core = creatingCore(() => Promise.reject(new Error('not reached')))
    const { code, stderr } = await runOn({ core }, 'db', 'create', ...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(reason)
  })

  it('names the hosts when that one is not among them', async () => {
    const core = creatingCore(() => Promise.reject(new Error('not reached')))
    const { code, stderr } = await runOn({ core }, 'db', 'create', 'shop', '--host', 'mars')
    expect(code).toBe(3)
    expect(stderr).toContain('ams-1')
  })
})

describe('db delete', () => {
  const deletable = (seen: string[]): CoreParts => ({
    databases: {
      ...list(shop),
      delete: ({ confirmName }) => {
        seen.push(confirmName)
        if (confirmName !== 'shop') throw new QuaysideError('name_mismatch', 'Another name.')
        return Promise.resolve({ jobId: someJob().id })
      },
    },
    jobs: { get: () => Promise.resolve(someJob()) },
    waitForJob: () => Promise.resolve(someJob()),
  })

  it('wants the name once more where it can’t ask', async () => {
    const { code, stderr } = await runOn({ core: deletable([]) }, 'db', 'delete', 'shop')
    expect(code).toBe(2)
    expect(stderr).toContain('--confirm shop')
  })

  it('passes on what was typed for the core to judge', async () => {
    const seen: string[] = []
    const core = deletable(seen)
    expect((await runOn({ core }, 'db', 'delete', 'shop', '--confirm', 'sho')).code).toBe(2)
    expect((await runOn({ core }, 'db', 'delete', 'shop', '--confirm', 'shop')).code).toBe(0)
    const asked = await runOn({ core, terminal: true, stdin: 'shop\r' }, 'db', 'delete', 'shop')
    expect(asked.code).toBe(0)
    expect(seen).toEqual(['sho', 'shop', 'shop'])
  })
})

describe('db url', () => {
  const core: CoreParts = {
    databases: {
      ...list(shop),
      connection: () =>
        Promise.resolve({
          host: '127.0.0.1',
          port: 9,
          user: 'u',
          database: 'shop',
          sslmode: 'disable',
          tunnel: true,
          remotePort: 5432,
          formats: [],
        }),
      copy: () => Promise.resolve({}),
    },
    tunnels: { close: () => Promise.resolve({}) },
  }

  it('prints the string alone, and says on stderr that nothing listens yet', async () => {
    const bench = { core, copied: 'toy://u:p@127.0.0.1:9/shop' }
    const { code, stdout, stderr } = await runOn(bench, 'db', 'url', 'shop')
    expect(code).toBe(0)
    expect(stdout).toBe('toy://u:p@127.0.0.1:9/shop\n')
    expect(stderr).toContain('quayside tunnel shop')
  })

  it('gives a script the parts too', async () => {
    const { stdout } = await runOn({ core, copied: 'text' }, 'db', 'url', 'shop', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ text: 'text', format: 'url', port: 9, user: 'u' })
  })
  it('fills a template of the user’s own instead of a form', async () => {
    const asked: unknown[] = []
    const copy: NonNullable<CoreParts['databases']>['copy'] = ({ what }) => {
      asked.push(what)
      return Promise.resolve({})
    }
    const bench = { core: { ...core, databases: { ...core.databases, copy } }, copied: 'mine' }
    const run = await runOn(bench, 'db', 'url', 'shop', '--template', '{host}', '--json')
    expect(asked).toEqual([{ template: '{host}' }])
    expect(JSON.parse(run.stdout)).toMatchObject({ text: 'mine', format: 'template' })
  })

  it('refuses a form and a template at once', async () => {
    const forms = ['--format', 'env', '--template', '{host}']
    const { code, stderr } = await runOn({ core }, 'db', 'url', 'shop', ...forms)
    expect(code).toBe(2)
    expect(stderr).toContain('Either a format or a template')
  })
})
