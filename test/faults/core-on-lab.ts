import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { compose, type ComposeOptions } from '../../electron/compose.ts'
import type { Core } from '../../electron/domain/core.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import { openLab, type Lab } from '../lab/lab.ts'
import { labVersion } from './lab-version.ts'
import { strictCore } from './strict-core.ts'

/** A core on a fresh home, with the lab's first host added through the proxy that faults act on. */
export interface CoreOnLab {
  lab: Lab
  home: string
  host: HostView
  core: Core
  /** Ends this core; its data stays. */
  stop(): Promise<void>
  /** Begins anew on the same data. */
  restart(): Promise<Core>
  close(): Promise<void>
}

/** What a test may wish of its core. */
export type CoreWish = Pick<ComposeOptions, 'onStep' | 'heavyModule' | 'clipboard' | 'files'>

export async function coreOnLab(wish: CoreWish = {}): Promise<CoreOnLab> {
  const lab = await openLab()
  const home = await mkdtemp(join(tmpdir(), 'quayside-faults-'))
  let core = strictCore(await compose({ home, version: '0.0.0-test', ...wish }))
  const { proxy, ssh } = labHost(lab)
  const host = await core.hosts.add({
    name: 'h1',
    baseDomain: null,
    connection: {
      kind: 'ssh',
      address: proxy.host,
      port: proxy.port,
      user: ssh.user,
      login: { kind: 'key', path: ssh.keyPath },
    },
    acceptHostKey: ssh.hostKeyFingerprint,
  })
  return {
    lab,
    home,
    host,
    get core() {
      return core
    },
    stop: () => core.close(),
    restart: async () => {
      core = strictCore(await compose({ home, version: '0.0.0-test', ...wish }))
      return core
    },
    close: async () => {
      await core.close()
      await rm(home, { recursive: true })
    },
  }
}

function labHost(lab: Lab): Lab['hosts'][number] {
  const host = lab.hosts.find((one) => one.name === 'h1')
  if (host === undefined) throw new Error('the lab has no host h1')
  return host
}

/** Asks for a development database on the lab's host. */
export function create(
  { core, host }: Pick<CoreOnLab, 'core' | 'host'>,
  name: string,
  version = labVersion,
): Promise<{ id: DatabaseId; jobId: JobId }> {
  return core.databases.create({
    hostId: host.id,
    engine: 'postgres',
    name,
    version,
    environment: 'development',
  })
}

/** What of a database lies on the host: containers and volumes by their label. */
export async function onHost(
  lab: Lab,
  id: DatabaseId,
): Promise<{ containers: string[]; volumes: string[] }> {
  const label = `label=io.quayside.database.id=${id}`
  const containers = await lab.docker('h1', ['ps', '-a', '-q', '--filter', label])
  const volumes = await lab.docker('h1', ['volume', 'ls', '-q', '--filter', label])
  return { containers: words(containers.stdout), volumes: words(volumes.stdout) }
}

function words(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

/** A finished database: one container, one volume, a record, a secret, and a login that works. */
export async function expectWhole({ core, lab }: CoreOnLab, id: DatabaseId): Promise<void> {
  const traces = await onHost(lab, id)
  expect(traces.containers).toHaveLength(1)
  expect(traces.volumes).toHaveLength(1)
  // What runs is unknown for the moment in which its host is asked again.
  await expect
    .poll(async () => (await core.databases.list({})).find((one) => one.id === id))
    .toMatchObject({ status: 'running', jobId: null })
  const { password } = await core.databases.reveal({ id })
  expect(password).toHaveLength(24)
  await expect(core.databases.stats({ id })).resolves.toMatchObject({ maxConnections: 100 })
}

/** No database at all: nothing on the host, no record, no secret. */
export async function expectNothing({ core, lab }: CoreOnLab, id: DatabaseId): Promise<void> {
  expect(await onHost(lab, id)).toEqual({ containers: [], volumes: [] })
  expect((await core.databases.list({})).map((one) => one.id)).not.toContain(id)
  await expect(core.databases.reveal({ id })).rejects.toMatchObject({ code: 'not_found' })
}

/** Removes a database for good, as a user would. */
export async function discard(core: Core, id: DatabaseId, name: string): Promise<void> {
  const deleted = await core.databases.delete({ id, confirmName: name })
  await expectDone(core, deleted.jobId)
  const purged = await core.databases.purge({ id, confirmName: name })
  await expectDone(core, purged.jobId)
}

/** The job once it has ended; a test waits no longer than this. */
export function finished(core: Core, id: JobId, ms = 90_000): Promise<JobView> {
  return core.waitForJob(id, AbortSignal.timeout(ms))
}

/** Waits until no job waits or runs: one job of a backup's life enqueues the next. */
export async function settled(core: Core): Promise<JobView[]> {
  for (;;) {
    const jobs = await core.jobs.list({ limit: 50 })
    const active = jobs.find(({ state }) => state === 'waiting' || state === 'running')
    if (active === undefined) return jobs
    await finished(core, active.id)
  }
}

/** Runs statements in a database on the lab's host, as its owner; gives what they answer. */
export async function sqlOnLab(
  { core, lab }: Pick<CoreOnLab, 'core' | 'lab'>,
  id: DatabaseId,
  statements: string,
  logicalName?: string,
): Promise<string> {
  const record = (await core.databases.list({})).find((one) => one.id === id)
  if (record === undefined) throw new Error('There is no such database.')
  const { containers } = await onHost(lab, id)
  const login = ['-U', record.user, '-d', logicalName ?? record.database]
  const client = ['psql', '-v', 'ON_ERROR_STOP=1', ...login, '-XAtqc', statements]
  const { code, stdout, stderr } = await lab.docker('h1', ['exec', containers[0] ?? '', ...client])
  if (code !== 0) throw new Error(stderr)
  return stdout.trim()
}

/** Waits for the job to end well; a failure shows its error and where it happened. */
export async function expectDone(core: Core, id: JobId, ms?: number): Promise<void> {
  const { state, error, steps } = await finished(core, id, ms)
  const failed = steps.find((step) => step.state === 'failed')?.name ?? null
  expect({ state, error, failed }).toEqual({ state: 'done', error: null, failed: null })
}
