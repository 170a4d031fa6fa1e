import { expect, it } from 'vitest'
import { postgresBackup } from './backup.ts'

it('a database is worked on from another one', () => {
  for (const database of ['app', 'postgres', 'template1'])
    expect(postgresBackup.maintenanceFor(database)).not.toBe(database)
})
