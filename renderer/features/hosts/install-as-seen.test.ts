import { describe, expect, it } from 'vitest'
import type { JobStep, JobView } from '../../../shared/contract/jobs.ts'
import { aJob } from '../../lib/a-job.ts'
import { installAsSeen } from './install-as-seen.ts'

const titles = {
  update: 'Read the lists of packages',
  install: 'Install docker.io',
  check: 'Check',
}
const lost = { code: 'host_lost', message: 'The connection to ams-1 was lost.' } as const

/** An installation with its three steps in these states. */
function install(states: JobStep['state'][], more: Partial<JobView>): JobView {
  const steps = Object.entries(titles).map(([name, title], n): JobStep => ({
    name,
    title,
    state: states[n] ?? 'waiting',
    fact: null,
    startedAt: 0,
    endedAt: null,
  }))
  return aJob({ kind: 'install-docker', title: 'Install Docker on ams-1', steps, ...more })
}
const statesOf = ({ job }: ReturnType<typeof installAsSeen>) => job.steps.map(({ state }) => state)

describe('an installation of Docker whose connection is lost', () => {
  it.each([
    ['waits for its next try', { state: 'waiting', error: lost }],
    ['is being reconnected', { state: 'running', error: lost }],
    [
      'is tried while the host does not answer',
      { state: 'waiting', error: { code: 'host_unreachable', message: 'ams-1 does not answer.' } },
    ],
  ] as const)('goes on at the host and has not failed, while it %s', (_when, more) => {
    const seen = installAsSeen(install(['done', 'failed'], more))
    expect(seen.meanwhile).toBe(
      'The installation goes on there: “Install docker.io” runs to its end. Quayside connects again by itself.',
    )
    expect(statesOf(seen)).toEqual(['done', 'running', 'waiting'])
    expect(seen.job.error).toBeNull()
  })

  it('is one like any other as soon as it is looked on at again, also between two steps', () => {
    for (const states of [
      ['done', 'running'],
      ['done', 'done'],
    ] as JobStep['state'][][]) {
      const seen = installAsSeen(install(states, { state: 'running', error: lost }))
      expect(seen).toMatchObject({ meanwhile: null, job: { error: null } })
      expect(statesOf(seen)).toEqual([...states, 'waiting'])
    }
  })

  it('is told apart by what was under way', () => {
    const said = (...states: JobStep['state'][]) =>
      installAsSeen(install(states, { state: 'waiting', error: lost })).meanwhile
    expect(said()).toMatch(/^Nothing has begun there yet\. /)
    expect(said('done', 'done')).toMatch(/^No command runs there now, and what is done stays\. /)
    expect(said('done', 'done', 'failed')).toMatch(/^Docker is installed there; /)
  })

  it('has failed where it is given up, where that has another cause, and not before anything did', () => {
    const failed = install(['done', 'failed'], { state: 'failed', endedAt: 1, error: lost })
    const cause = { code: 'install_failed', message: 'No.' } as const
    const other = install(['done', 'failed'], { state: 'waiting', error: cause })
    for (const job of [failed, other, install(['running'], {})]) {
      expect(installAsSeen(job)).toEqual({ job, meanwhile: null })
    }
  })
})
