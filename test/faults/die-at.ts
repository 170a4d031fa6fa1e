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
 * Goes on with the job in a process of its own that dies by SIGKILL: before or after a step, amid the
 * bytes that it moves, or as it tells a line of progress. Afterwards the core is there again, at rest.
 */
export async function dieAt(
  on: CoreOnLab,
  job: JobId,
  ...point: [step: string, when: string] | [line: string]
): Promise<void> {
  await on.stop()
  const child = spawn(process.execPath, [program, on.home, job, ...point], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended: unknown[] = await once(child, 'exit')
  expect([...point, ...ended]).toEqual([...point, null, 'SIGKILL'])
  await on.restart()
  expect(await on.core.jobs.get({ id: job })).toMatchObject({ interrupted: true })
}
