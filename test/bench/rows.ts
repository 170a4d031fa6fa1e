import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseRecord } from '../../electron/domain/ports.ts'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { openStores } from '../../electron/adapters/sqlite/index.ts'
import type { BenchWindow } from './bench-window.ts'
import { openDockerSocket } from './docker-socket.ts'
import { openEmptyWindow } from './empty-window.ts'
import { fillHome } from './fill-home.ts'
import { openQuayside } from './quayside-window.ts'
import { rowOf, times, type Benchmark } from './row.ts'

const databases = 1_000
const running = 20
const updates = 80
/** More than the tenth of a second in which news is merged, so that each update is drawn by itself. */
const gapMs = 250

/**
 * What one change of a database costs the window's main thread while it shows a list of a thousand:
 * containers are paused and go on, Docker tells, the row is drawn anew. The thread's own time is
 * counted, from the news to the paint, less what the window does in the same time without changes: the
 * scripts, and what the browser does for each frame by itself (style, layout, paint), which is about
 * half of it.
 *
 * The peer is reading and comparing the whole list for one change, which the window does when another
 * process has written to its data. The floor is a table of a thousand rows in plain HTML of which one
 * row's text is set: hardly a script, the browser's part alone.
 */
export const rows: Benchmark = {
  name: 'rows',
  window: true,

  async measure(lab, signal) {
    const home = join(lab.home, 'rows')
    const filled = await fillHome(lab, home, { databases, running, created: 0 })
    const docker = openDockerSocket(lab.host.dockerSocket)
    try {
      const names = filled.records.slice(0, running).map(({ containerName }) => containerName)
      const pause = async (update: number) => {
        const verb = Math.floor(update / running) % 2 === 0 ? 'pause' : 'unpause'
        await docker.post(`/containers/${names[update % running] ?? ''}/${verb}`)
      }
      const window = await openQuayside(home, databases)
      const { ours, peer } = await (async () => {
        try {
          await sleep(8_000, undefined, { signal })
          const idle = await perBeat(window, () => Promise.resolve(), signal)
          const one = await perBeat(window, pause, signal)
          const all = await perBeat(window, foreignWrites(home, filled.records), signal, 700)
          return { ours: one - idle, peer: all - (idle * 700) / gapMs }
        } finally {
          await window.close()
        }
      })()
      return rowOf('rows', { ours, peer, floor: await plainTable(signal) })
    } finally {
      docker.close()
      await filled.empty()
    }
  },

  aims: ({ ours, peer }) => [
    { text: `below 2 ms for each update: ${ours} ms`, met: ours < 2 },
    { text: `the whole list read anew costs ${times(peer, ours)} as much`, met: peer > ours },
  ],
}

/** Milliseconds of the page's main thread for each turn of the work. */
async function perBeat(
  window: BenchWindow,
  work: (turn: number) => Promise<void>,
  signal: AbortSignal,
  ms = gapMs,
): Promise<number> {
  const before = await window.busySeconds()
  for (let turn = 0; turn < updates; turn += 1) {
    const next = sleep(ms, undefined, { signal })
    await work(turn)
    await next
  }
  return (((await window.busySeconds()) - before) * 1_000) / updates
}

/** Writes to the data as another process of the user does, which tells the app no more than that. */
function foreignWrites(home: string, records: readonly { id: DatabaseRecord['id'] }[]) {
  return async (turn: number): Promise<void> => {
    const stores = openStores({ file: join(home, 'quayside.sqlite'), clock: createClock() })
    const { id } = records[turn % running] ?? {}
    if (id !== undefined) stores.databases.update(id, { protected: turn % 2 === 0 })
    stores.close()
    return Promise.resolve()
  }
}

async function plainTable(signal: AbortSignal): Promise<number> {
  const window = await openEmptyWindow()
  try {
    await window.evaluate(`(() => {
      const table = document.createElement('table')
      for (let row = 0; row < ${databases}; row += 1) {
        const line = table.insertRow()
        for (const text of ['shop-' + row, 'running', 'production', 'PostgreSQL 15', '5432', '1 d'])
          line.insertCell().textContent = text
      }
      document.body.append(table)
    })()`)
    const set = async (turn: number) => {
      const text = turn % 2 === 0 ? 'paused' : 'running'
      await window.evaluate(
        `document.querySelector('table').rows[${turn % running}].cells[1].textContent = '${text}'`,
      )
    }
    // The page is told by the inspector, which works in its thread too: that is no part of it.
    const told = await perBeat(window, async () => void (await window.evaluate('0')), signal)
    return (await perBeat(window, set, signal)) - told
  } finally {
    await window.close()
  }
}
