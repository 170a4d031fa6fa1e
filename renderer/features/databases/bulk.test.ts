import { describe, expect, it } from 'vitest'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { aDatabase } from '../../lib/a-database.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { planBulk as planOf, skippedWords, type BulkAct } from './bulk.ts'

const runs = aDatabase({ name: 'runs' })
const stopped = aDatabase({ name: 'stopped', status: 'stopped' })
const failed = aDatabase({ name: 'failed', status: 'failed' })
const silence = 'Docker on homelab does not answer'
const unknown = aDatabase({ name: 'unknown', status: 'unknown', reason: silence })
const busy = aDatabase({ name: 'busy', jobId: jobIdSchema.parse(crypto.randomUUID()) })
const shop = aDatabase({ name: 'shop', environment: 'production' })
const names = (databases: readonly { name: string }[]) => databases.map(({ name }) => name)

/** With all of them in the list, where nothing else is said. */
const planBulk = (act: BulkAct, all: readonly DatabaseView[], shown = all) =>
  planOf(act, all, new Set(shown.map(({ id }) => id)))

describe('doing one thing to several databases', () => {
  it('stops what runs and says why not the rest', () => {
    const plan = planBulk('stop', [runs, stopped, unknown, busy])
    expect(names(plan.run)).toEqual(['runs'])
    expect(plan.asks).toBe(false)
    expect(skippedWords(plan)).toBe(
      'Skipped: stopped (it is not running); unknown (Docker on homelab does not answer); busy (a job works on it).',
    )
  })

  it('says of an unknown one what its host says, and no more where that has said nothing', () => {
    const told = planBulk('start', [unknown])
    expect(skippedWords(told)).toBe(`Skipped: unknown (${silence}).`)
    const untold = planBulk('start', [{ ...unknown, reason: null }])
    expect(skippedWords(untold)).toBe('Skipped: unknown (its state is unknown).')
  })

  it('starts what does not run', () => {
    const plan = planBulk('start', [runs, stopped, failed])
    expect(names(plan.run)).toEqual(['stopped', 'failed'])
    expect(skippedWords(plan)).toBe('Skipped: runs (it runs already).')
  })

  it('asks before production stops, not before it starts', () => {
    expect(planBulk('stop', [runs, shop]).asks).toBe(true)
    expect(planBulk('start', [{ ...shop, status: 'stopped' }]).asks).toBe(false)
    expect(planBulk('stop', [{ ...shop, status: 'stopped' }]).asks).toBe(false)
  })

  it('asks where one is among them that the list does not show', () => {
    const plan = planBulk('start', [stopped, failed, runs], [stopped])
    expect(names(plan.unseen)).toEqual(['failed'])
    expect(plan.asks).toBe(true)
    // What is left out anyway is no reason to ask.
    expect(planBulk('start', [stopped, runs], [stopped]).asks).toBe(false)
  })

  it('counts where many have the same reason', () => {
    const many = ['a', 'b', 'c', 'd'].map((name) => aDatabase({ name }))
    expect(skippedWords(planBulk('start', many))).toBe('Skipped: 4 databases (it runs already).')
    expect(skippedWords(planBulk('stop', many))).toBeNull()
  })
})
