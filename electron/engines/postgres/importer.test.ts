import { expect, it } from 'vitest'
import { createExtensions } from './importer.ts'
import type { Query } from './snapshot.ts'

const extensions = [
  // As an older backup tells it.
  { name: 'dblink', version: '1.0' },
  { name: 'plperlu', version: '1.0', schema: 'pg_catalog' },
  { name: 'own"s', version: '1.0', schema: 'of_its_own' },
  { name: 'citext', version: '1.0', schema: 'public' },
]

it('makes what only a superuser may, where the file has it, and lets the importer use its wrappers', async () => {
  const said: string[] = []
  const asked: unknown[] = []
  const query: Query = (text, values) => {
    said.push(text)
    if (text.includes('pg_available_extension_versions')) {
      asked.push(...(values ?? []))
      const found = [
        { name: 'dblink', schema: null },
        { name: 'own"s', schema: null },
        { name: 'plperlu', schema: 'pg_catalog' },
      ]
      return Promise.resolve(found)
    }
    return Promise.resolve(text.includes('fdwname') ? [{ name: 'dblink_fdw' }] : [])
  }
  await createExtensions(query, extensions, 'imp"orter', { mayLeadOut: true })
  expect(asked).toEqual([['dblink', 'plperlu', 'own"s', 'citext']])
  expect(said.filter((text) => /^(?:CREATE|GRANT)/.test(text))).toEqual([
    'CREATE EXTENSION IF NOT EXISTS "dblink" SCHEMA public CASCADE',
    'CREATE EXTENSION IF NOT EXISTS "plperlu" CASCADE',
    'GRANT USAGE ON FOREIGN DATA WRAPPER "dblink_fdw" TO "imp""orter"',
  ])
})

it('makes nothing by which a file that nobody vouches for could reach other machines', async () => {
  const asked: unknown[] = []
  const query: Query = (_text, values) => {
    asked.push(...(values ?? []))
    return Promise.resolve([])
  }
  await createExtensions(query, extensions, 'importer', { mayLeadOut: false })
  expect(asked).toEqual([['plperlu', 'own"s', 'citext']])
})
