import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { say } from '../../scripts/program.ts'
import type { BenchWindow } from './bench-window.ts'
import { openDockerSocket } from './docker-socket.ts'
import { openEmptyWindow } from './empty-window.ts'
import { fillHome, type FilledHome } from './fill-home.ts'
import { openQuayside } from './quayside-window.ts'
import { rowOf, type Benchmark } from './row.ts'

const containers = 200
/** Those that run are paused and go on; the others, which have never run, are renamed. */
const running = 20
const calls = 1_000
const callGapMs = 15

/**
 * How long a light call from the window waits at worst (99th percentile) while 200 containers change
 * one after another without a rest and a job works. The peer is the same call with nothing going on,
 * the floor the bare way there and back in an empty Electron window.
 */
export const input: Benchmark = {
  name: 'input',
  window: true,

  async measure(lab, signal) {
    const home = join(lab.home, 'input')
    const created = containers - running
    const filled = await fillHome(lab, home, { databases: containers, running, created })
    try {
      const window = await openQuayside(home, containers)
      try {
        await sleep(8_000, undefined, { signal })
        const peer = await worstCall(window)
        const over = new AbortController()
        const both = AbortSignal.any([signal, over.signal])
        const churn = changeContainers(lab.host.dockerSocket, filled, both)
        const work = keepJobsRunning(window, filled, both)
        // A failure is told once everything has ended.
        churn.catch(() => undefined)
        work.catch(() => undefined)
        const ours = await worstCall(window)
        over.abort()
        const [changes, jobs] = await Promise.all([churn, work])
        say(
          `  input: ${changes} changes, ${jobs} jobs in ${calls} calls; ${peer.toFixed(1)} ms without them`,
        )
        return rowOf('input', { ours, peer, floor: await bareCalls() })
      } finally {
        await window.close()
      }
    } finally {
      await filled.empty()
    }
  },

  aims: ({ ours }) => [{ text: `at most 50 ms: ${ours} ms`, met: ours <= 50 }],
}

/** The 99th percentile of many calls, milliseconds, measured in the page. */
async function worstCall(window: BenchWindow): Promise<number> {
  const measured = await window.evaluate(`(async () => {
    const times = []
    for (let turn = 0; turn < ${calls}; turn += 1) {
      const begin = performance.now()
      await window.quayside.invoke('settings.get', {})
      times.push(performance.now() - begin)
      await new Promise((resolve) => setTimeout(resolve, ${callGapMs}))
    }
    return times
  })()`)
  const sorted = z
    .array(z.number())
    .parse(measured)
    .sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN
}

async function bareCalls(): Promise<number> {
  const window = await openEmptyWindow()
  try {
    return await worstCall(window)
  } finally {
    await window.close()
  }
}

/** Changes one container after another until it is told to stop; how many changes that were. */
async function changeContainers(
  socket: string,
  { records }: FilledHome,
  signal: AbortSignal,
): Promise<number> {
  const docker = openDockerSocket(socket)
  let changes = 0
  try {
    for (let round = 0; ; round += 1) {
      for (const [index, { containerName: name }] of records.entries()) {
        if (signal.aborted) return changes
        const [now, next] = round % 2 === 0 ? [name, `${name}-x`] : [`${name}-x`, name]
        if (index >= running) await docker.post(`/containers/${now}/rename?name=${next}`)
        else await docker.post(`/containers/${name}/${round % 2 === 0 ? 'pause' : 'unpause'}`)
        changes += 1
      }
    }
  } finally {
    docker.close()
  }
}

/** Creates one database after another by the window's own calls until it is told to stop. */
async function keepJobsRunning(
  window: BenchWindow,
  { hostId }: FilledHome,
  signal: AbortSignal,
): Promise<number> {
  let jobs = 0
  while (!signal.aborted) {
    const request = { hostId, engine: 'postgres', version: '15', environment: 'development' }
    const ended = await window.evaluate(`(async () => {
      const request = ${JSON.stringify({ ...request, name: `work-${jobs}` })}
      const { ok, value, error } = await window.quayside.invoke('databases.create', request)
      if (!ok) return error.message
      for (;;) {
        const { value: job } = await window.quayside.invoke('jobs.get', { id: value.jobId })
        if (job.state !== 'waiting' && job.state !== 'running') return job.error?.message ?? job.state
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })()`)
    if (ended !== 'done') throw new Error(`The job that works meanwhile: ${String(ended)}`)
    jobs += 1
  }
  return jobs
}
