import { randomBytes } from 'node:crypto'
import { compose } from '../../electron/compose.ts'
import type { Core } from '../../electron/domain/core.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import { mustRun, say } from '../../scripts/program.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import { image, version, type BenchLab } from './bench-lab.ts'
import { contender, race } from './race.ts'
import { rowOf, times, type Benchmark } from './row.ts'

const patienceMs = 120_000
/** By hand one takes a port that is free; Quayside begins below. */
const handPort = 15432

/**
 * From the request to a database that takes connections, the image being there; against the same
 * typed by hand: `docker run` over ssh and a loop around `pg_isready`. The floor is that very command
 * on the host itself, without a link.
 */
export const create: Benchmark = {
  name: 'create',

  async measure(lab, signal) {
    const core = await compose({ home: lab.home, version: '0.0.0-bench' })
    try {
      const { ssh } = lab.host
      const host = await core.hosts.add({
        name: 'bench-1',
        baseDomain: null,
        connection: lab.connection,
        acceptHostKey: ssh.hostKeyFingerprint,
      })
      const ours = throughQuayside(core, host)
      const peer = byHand((script) => mustRun('ssh', [lab.target, script], { env: lab.env }), lab)
      const floor = byHand((script) => lab.onHost(script), lab)
      await race([ours.contender, peer, floor], { rounds: 7, signal })
      ours.report()
      return rowOf('create', {
        ours: ours.contender.median(),
        peer: peer.median(),
        floor: floor.median(),
      })
    } finally {
      await core.close()
    }
  },

  aims: ({ ours, peer }) => [
    { text: `within 1.10 times the loop: ${times(ours, peer)}`, met: ours / peer <= 1.1 },
  ],
}

/** Creates as a face does, and removes for good what it created. */
function throughQuayside(core: Core, host: HostView) {
  const stepTimes = new Map<string, number[]>()
  let last: { id: DatabaseId; name: string } | undefined

  const end = async (jobId: JobId) => {
    const job = await core.waitForJob(jobId, AbortSignal.timeout(patienceMs))
    if (job.state !== 'done') throw new Error(`${job.title}: ${job.error?.message ?? job.state}`)
    return job
  }
  const createOne = async () => {
    const name = freshName()
    const { id, jobId } = await core.databases.create({
      hostId: host.id,
      engine: postgres.info.id,
      name,
      version,
      environment: 'development',
    })
    last = { id, name }
    const { steps } = await end(jobId)
    for (const { name: step, startedAt, endedAt } of steps) {
      if (startedAt === null || endedAt === null) continue
      stepTimes.set(step, [...(stepTimes.get(step) ?? []), endedAt - startedAt])
    }
  }
  const removeLast = async () => {
    if (last === undefined) return
    const { id, name: confirmName } = last
    last = undefined
    await end((await core.databases.delete({ id, confirmName })).jobId)
    await end((await core.databases.purge({ id, confirmName })).jobId)
  }
  return {
    contender: contender(createOne, { after: removeLast }),
    /** Says where the time of a create goes. */
    report() {
      const steps = [...stepTimes].map(([step, all]) => `${step} ${mean(all)} ms`)
      say(`  create, a mean of each step: ${steps.join(', ')}`)
    },
  }
}

/** What an expert types, with the settings that Quayside gives such a container. */
function byHand(run: (script: string) => Promise<string>, lab: BenchLab) {
  const server = postgres.server({ version, user: 'shop', database: 'shop', password: '' })
  const name = freshName()
  const settings = [
    `--name ${name} --restart unless-stopped --stop-timeout ${server.stopGraceSeconds}`,
    `--shm-size ${server.shmBytes} --log-opt max-size=10m --log-opt max-file=3`,
    `-p 127.0.0.1:${handPort}:${server.port} -v ${name}:${server.dataPath}`,
    `-e POSTGRES_USER=shop -e POSTGRES_DB=shop -e POSTGRES_PASSWORD=${randomBytes(12).toString('hex')}`,
    `-e POSTGRES_INITDB_ARGS='${server.env['POSTGRES_INITDB_ARGS'] ?? ''}'`,
  ].join(' ')
  // Without -h it would be content with the server that only runs the first steps.
  const ready = `docker exec ${name} pg_isready -q -h 127.0.0.1`
  const script = `docker run -d ${settings} ${image} && until ${ready}; do sleep 0.05; done`
  return contender(() => run(script), {
    after: async () => {
      await lab.onHost(`docker rm --force ${name} && docker volume rm ${name}`)
    },
  })
}

function freshName(): string {
  return `bench-${randomBytes(3).toString('hex')}`
}

function mean(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}
