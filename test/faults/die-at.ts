import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { JobId } from '../../shared/contract/jobs.ts'
import type { CoreOnLab } from './core-on-lab.ts'

const program = fileURLToPath(new URL('./killed-at.ts', import.meta.url))

/** Begins the core anew with nobody who works on jobs: what is asked for waits. */
export async function atRest(on: CoreOnLab): Promise<CoreOnLab['core']> {
  await on.stop()
  return on.restart()
}

/**
 * Goes on with the job in a process of its own that dies by SIGKILL at a moment that `killed-at.ts`
 * tells, `dump before` or `write dump 500000` say. Afterwards the core is there again, at rest, and the
 * job has been interrupted, or what followed it.
 * @param cancel whether the job is cancelled there before it goes on
 */
export async function dieAt(
  on: CoreOnLab,
  job: JobId,
  point: string,
  { cancel = false } = {},
): Promise<void> {
  const [, moment = point, bytes = '0'] = /^(.*) (\d+)$/.exec(point) ?? []
  await on.stop()
  const child = spawn(process.execPath, [program, on.home, job, moment, bytes, String(cancel)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended: unknown[] = await once(child, 'exit')
  await on.restart()
  expect([point, ...ended]).toEqual([point, null, 'SIGKILL'])
  const jobs = await on.core.jobs.list({ limit: 5 })
  const cut = jobs.filter(({ interrupted }) => interrupted)
  expect([point, cut.length]).not.toEqual([point, 0])
}
