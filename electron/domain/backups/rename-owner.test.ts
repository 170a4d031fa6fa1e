import { expect, it } from 'vitest'
import { readCompanion } from './companion.ts'
import { renameOwner } from './rename-owner.ts'

const role = {
  superuser: false,
  inherit: true,
  createRole: false,
  createDatabase: false,
  login: true,
  replication: false,
  bypassRowSecurity: false,
  connectionLimit: -1,
  validUntil: null,
  settings: [],
  databaseSettings: [],
  verifier: null,
}
const companion = readCompanion(
  JSON.stringify({
    database: {
      serverVersion: '17',
      name: 'shop',
      owner: 'old',
      encoding: 'UTF8',
      collate: 'C',
      ctype: 'C',
      localeProvider: 'c',
      locale: null,
      settings: [],
      // Older backups don't tell the schema.
      extensions: [
        { name: 'citext', version: '1.6' },
        { name: 'dblink', version: '1.2', schema: 'public' },
      ],
      grants: [
        { role: 'old', privilege: 'CONNECT', grantable: false },
        { role: '', privilege: 'TEMPORARY', grantable: false },
      ],
    },
    roles: [
      { ...role, name: 'old', memberOf: [] },
      { ...role, name: 'app', memberOf: [{ role: 'old', admin: false }] },
    ],
  }),
)

it('puts one name in the place of another, wherever it stands, and no other', () => {
  const { database, roles } = renameOwner(companion, 'old', 'new')
  expect(database.owner).toBe('new')
  expect(database.grants?.map((grant) => grant.role)).toEqual(['new', ''])
  expect(roles.map(({ name, memberOf }) => [name, memberOf[0]?.role])).toEqual([
    ['new', undefined],
    ['app', 'new'],
  ])
  expect(renameOwner(companion, 'nobody', 'new')).toEqual(companion)
})
