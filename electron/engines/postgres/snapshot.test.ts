import { expect, it } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import { exportSnapshot, type Query } from './snapshot.ts'

/** A server that answers from a script, and what it was asked. */
function played(lists: { schema: string; name: string }[][], refuse?: RegExp) {
  const said: string[] = []
  const query: Query = async (text) => {
    said.push(text)
    if (refuse?.test(text)) {
      const detail = '55P03: canceling statement due to lock timeout'
      throw new QuaysideError('engine_failed', 'The database answered with an error.', { detail })
    }
    if (text.includes('pg_export_snapshot')) return Promise.resolve([{ id: '00000003-1' }])
    return Promise.resolve(text.includes('FROM pg_class') ? (lists.shift() ?? []) : [])
  }
  return { query, said }
}

const many = Array.from({ length: 1200 }, (_, n) => ({ schema: 'public', name: `t${n}` }))
const odd = { schema: 'Od"d', name: 'a, b' }

it('locks every table before the snapshot is taken, and after it those that were made meanwhile', async () => {
  const { query, said } = played([many, [...many, odd]])
  expect(await exportSnapshot(query)).toBe('00000003-1')
  const taken = said.findIndex((text) => text.includes('pg_export_snapshot'))
  const locks = said.flatMap((text, at) => (text.startsWith('LOCK TABLE') ? [{ text, at }] : []))
  const before = locks.filter(({ at }) => at < taken).map(({ text }) => text)
  expect(before.join().match(/ONLY "public"\."t\d+"/g)).toHaveLength(many.length)
  expect(before.length).toBeLessThan(10)
  expect(locks.filter(({ at }) => at > taken).map(({ text }) => text)).toEqual([
    'LOCK TABLE ONLY "Od""d"."a, b" IN ACCESS SHARE MODE',
  ])
  // What is read before a lock is had would be of an earlier moment than that.
  const begun = said.findIndex((text) => text.startsWith('BEGIN'))
  expect(said.slice(begun, taken).filter((text) => text.includes('SELECT'))).toEqual([])
})

it('tells of a table that somebody has for himself as the tool would', async () => {
  const { query } = played([[odd]], /^LOCK/)
  await expect(exportSnapshot(query)).rejects.toMatchObject({
    code: 'backup_failed',
    hint: expect.stringContaining('holds a lock') as string,
    detail: expect.stringContaining('55P03') as string,
  })
})
