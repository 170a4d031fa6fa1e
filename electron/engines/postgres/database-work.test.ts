import { expect, it } from 'vitest'
import type { DatabaseFacts } from '../engine-backup.ts'
import { applyDatabase, createDatabase, dropDatabase } from './database-work.ts'
import type { Query } from './snapshot.ts'

const facts: DatabaseFacts = {
  serverVersion: '17.2',
  name: 'shop',
  owner: 'user',
  encoding: 'UTF8',
  collate: 'C',
  ctype: 'C',
  localeProvider: 'i',
  locale: 'und',
  settings: [],
  grants: null,
  extensions: [],
}

/** A server with one role and one database, and what it was told. */
function played() {
  const said: string[] = []
  const query: Query = (text) => {
    said.push(text)
    if (text.includes('FROM pg_roles')) return Promise.resolve([{ name: 'user' }])
    return Promise.resolve(text.includes('FROM pg_database') ? [{ name: 'there' }] : [])
  }
  const about = (word: RegExp) => said.filter((text) => word.test(text))
  return { query, about }
}

it('makes a database that orders letters by the rules it had', async () => {
  const { query, about } = played()
  await createDatabase(query, 'a', { ...facts, icuRules: "&a < 'b'" })
  await createDatabase(query, 'b', facts)
  const [tailored, plain] = about(/^CREATE/)
  expect(tailored).toContain(`ICU_RULES '&a < ''b'''`)
  expect(plain).not.toContain('ICU_RULES')
})

it('gives it the limit of connections and the mark of a template, where it had them', async () => {
  const { query, about } = played()
  await applyDatabase(query, 'a', { ...facts, connectionLimit: 5, isTemplate: true }, [])
  expect(about(/LIMIT/)).toEqual(['ALTER DATABASE "a" WITH CONNECTION LIMIT 5 IS_TEMPLATE true'])
  // As an older backup tells it.
  const older = played()
  await applyDatabase(older.query, 'a', facts, [])
  expect(older.about(/LIMIT/)).toEqual([])
})

it('drops a template too, and is content where there is none of the name', async () => {
  const { query, about } = played()
  await dropDatabase(query, 'there')
  await dropDatabase(query, 'gone')
  expect(about(/^(?:ALTER|DROP)/)).toEqual([
    'ALTER DATABASE "there" WITH IS_TEMPLATE false',
    'DROP DATABASE IF EXISTS "there" WITH (FORCE)',
  ])
})
