import { describe, expect, it } from 'vitest'
import { testRestoreDue, type ProofSoFar } from './test-restore-due.ts'

const day = 86_400_000
const now = Date.parse('2026-05-20T03:40:00Z')
const due = (given: Partial<ProofSoFar>): boolean =>
  testRestoreDue({ every: 'monthly', provenAt: null, jobs: [], now, ...given })
const job = (state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled', ago: number) => ({
  kind: 'test-restore',
  state,
  createdAt: now - ago,
})

describe('a test restore is due', () => {
  it('never where the schedule wants none', () => {
    expect(due({ every: 'never' })).toBe(false)
  })

  it('at once where no backup was ever restored', () => {
    expect(due({ every: 'weekly' })).toBe(true)
    expect(due({ every: 'monthly' })).toBe(true)
  })

  it.each([
    ['weekly', 6, false],
    // The backup of the seventh night is ready a little earlier than that of the first was proven.
    ['weekly', 7 - 1 / 24, true],
    ['monthly', 7, false],
    ['monthly', 29, false],
    ['monthly', 30, true],
  ] as const)('%s, %d days after the last proof: %s', (every, days, expected) => {
    expect(due({ every, provenAt: now - days * day })).toBe(expected)
  })

  it('not while one waits or runs, nor in the day after one failed', () => {
    expect(due({ jobs: [job('waiting', 5 * day)] })).toBe(false)
    expect(due({ jobs: [job('running', day / 2)] })).toBe(false)
    expect(due({ jobs: [job('failed', 3_600_000)] })).toBe(false)
    expect(due({ jobs: [job('failed', day), job('cancelled', 60_000)] })).toBe(true)
    expect(due({ jobs: [{ kind: 'create-backup', state: 'failed', createdAt: now - 1 }] })).toBe(
      true,
    )
  })

  it('where a clock that was wrong wrote a proof in the future', () => {
    expect(due({ provenAt: now + 400 * day })).toBe(true)
  })
})
