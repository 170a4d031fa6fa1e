import { expect, it } from 'vitest'
import type { CopyRecord } from '../ports.ts'
import { someManifest } from './manifest-fixture.ts'
import { identityOf } from './open-copy.ts'

it.each([
  ['shop', 'shop'],
  ['postgres', 'postgres'],
  // Neither can be dropped and made anew.
  ['template1', 'restored_template1'],
  ['no name; --', 'shop'],
])('a logical database %j becomes %j again', (logicalName, expected) => {
  const manifest = someManifest()
  const database = { ...manifest.database, logicalName }
  const copy = { manifest: { ...manifest, database } } as CopyRecord
  const engine = { reservedDatabases: ['template0', 'template1'] }
  expect(identityOf(engine, copy).database).toBe(expected)
})
