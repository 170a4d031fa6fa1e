import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchLab } from './bench-lab.ts'
import type { BenchWindow } from './bench-window.ts'
import { openEmptyWindow, withBareElectron } from './empty-window.ts'
import { fillHome } from './fill-home.ts'
import { memoryOf } from './process-memory.ts'
import { openQuayside } from './quayside-window.ts'
import { contender, median, race } from './race.ts'
import { rowOf, times, type Benchmark } from './row.ts'

const databases = 50
/** Until caches are filled, hosts have answered and what was only needed at the start has gone. */
const settleMs = 6_000

/**
 * From the start of the process to a list of fifty databases that can be used, against an empty
 * Electron window. The floor is Electron alone, without a window.
 */
export const start: Benchmark = {
  name: 'start',
  window: true,
  measure: (lab, signal) =>
    onFilledHome(lab, 'start', async (home) => {
      const opened = (open: () => Promise<BenchWindow>) => {
        let window: BenchWindow | undefined
        return contender(async () => void (window = await open()), {
          after: async () => {
            await window?.close()
            window = undefined
          },
        })
      }
      const ours = opened(() => openQuayside(home, databases))
      const peer = opened(openEmptyWindow)
      const floor = contender(() => withBareElectron(() => Promise.resolve()))
      await race([ours, peer, floor], { rounds: 7, signal })
      return rowOf('start', { ours: ours.median(), peer: peer.median(), floor: floor.median() })
    }),
  aims: ({ ours, peer }) => [
    { text: `within 1.5 times an empty window: ${times(ours, peer)}`, met: ours / peer <= 1.5 },
  ],
}

/** Each is opened so often; the middle of what it took counts. */
const memoryRounds = 3

/** Memory of all processes of the app (PSS), with the same list on the screen. */
export const memory: Benchmark = {
  name: 'memory',
  window: true,
  measure: (lab, signal) =>
    onFilledHome(lab, 'memory', async (home) => {
      const settled = async (open: () => Promise<BenchWindow>): Promise<number> => {
        const window = await open()
        try {
          window.leave()
          await quiet(signal)
          return await memoryOf(window.pid)
        } finally {
          await window.close()
        }
      }
      const bare = () =>
        withBareElectron(async (pid) => {
          await quiet(signal)
          return memoryOf(pid)
        })
      const samples: Record<'ours' | 'peer' | 'floor', number[]> = { ours: [], peer: [], floor: [] }
      for (let round = 0; round < memoryRounds; round += 1) {
        samples.ours.push(await settled(() => openQuayside(home, databases)))
        samples.peer.push(await settled(openEmptyWindow))
        samples.floor.push(await bare())
      }
      const { ours, peer, floor } = samples
      const middle = { ours: median(ours), peer: median(peer), floor: median(floor) }
      return rowOf('memory', middle, 'MB')
    }),
  aims: ({ ours, peer }) => [
    { text: `within 1.4 times an empty window: ${times(ours, peer)}`, met: ours / peer <= 1.4 },
  ],
}

async function onFilledHome<T>(
  lab: BenchLab,
  name: string,
  work: (home: string) => Promise<T>,
): Promise<T> {
  const home = join(lab.home, name)
  const filled = await fillHome(lab, home, { databases, running: 5, created: databases - 5 })
  try {
    return await work(home)
  } finally {
    await filled.empty()
  }
}

function quiet(signal: AbortSignal): Promise<void> {
  return sleep(settleMs, undefined, { signal })
}
