import { expect, it } from 'vitest'
import { createExtensions } from './importer.ts'
import type { Query } from './snapshot.ts'

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
  const version = '1.0'
  const extensions = [
    // As an older backup tells it.
    { name: 'dblink', version },
    { name: 'plperlu', version, schema: 'pg_catalog' },
    { name: 'own"s', version, schema: 'of_its_own' },
    { name: 'citext', version, schema: 'public' },
  ]
  await createExtensions(query, extensions, 'imp"orter')
  expect(asked).toEqual([['dblink', 'plperlu', 'own"s', 'citext']])
  expect(said.filter((text) => /^(?:CREATE|GRANT)/.test(text))).toEqual([
    'CREATE EXTENSION IF NOT EXISTS "dblink" SCHEMA public CASCADE',
    'CREATE EXTENSION IF NOT EXISTS "plperlu" CASCADE',
    'GRANT USAGE ON FOREIGN DATA WRAPPER "dblink_fdw" TO "imp""orter"',
  ])
})
