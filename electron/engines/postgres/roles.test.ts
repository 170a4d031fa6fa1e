import { expect, it } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import type { BackupRole } from '../engine-backup.ts'
import { applyRoles, settleRoles } from './roles.ts'
import type { Query } from './snapshot.ts'

const role: BackupRole = {
  name: 'app',
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
  memberOf: [],
  verifier: 'SCRAM-SHA-256$4096:x',
}

/** A server that has these roles, each with its comment, and what it was told. */
function played(roles: Record<string, string | null>) {
  const said: string[] = []
  const query: Query = async (text) => {
    said.push(text)
    if (text.includes('FROM pg_event_trigger')) return [{ kind: 'EVENT TRIGGER', name: 'e' }]
    if (!text.includes('FROM pg_roles')) return Promise.resolve([])
    return Object.entries(roles).map(([name, comment]) => ({ name, comment }))
  }
  const about = (word: RegExp) => said.filter((text) => word.test(text))
  return { query, about }
}

const boss = { ...role, name: 'boss', superuser: true, memberOf: [{ role: 'group', admin: false }] }
const roles = [
  boss,
  { ...role, name: 'group' },
  { ...role, memberOf: [{ role: 'boss', admin: true }] },
]

it('keeps a superuser one without login and members until what it owns is there', async () => {
  const { query, about } = played({ user: null })
  expect(await applyRoles(query, roles, { except: ['user'] })).toEqual([
    'The role “boss” is no superuser any more.',
  ])
  expect(about(/CREATE ROLE "boss"/)).toEqual(['CREATE ROLE "boss" NOLOGIN SUPERUSER'])
  expect(about(/^GRANT/)).toEqual([])
})

it('hands over what only a superuser can own, and gives it its own self back', async () => {
  const first = played({ user: null })
  await applyRoles(first.query, roles, { except: ['user'] })
  const [comment = ''] = first.about(/^COMMENT ON ROLE "boss"/)
  const raised = /IS '(.*)'$/.exec(comment)?.[1] ?? ''
  const there = { user: null, boss: raised, group: null, app: null }
  const { query, about } = played(there)
  expect(await settleRoles(query, roles, { owner: 'user' })).toEqual([
    'The event trigger “e” of “boss” belongs to “user” now.',
  ])
  expect(about(/^ALTER EVENT/)).toEqual(['ALTER EVENT TRIGGER "e" OWNER TO "user"'])
  expect(about(/^ALTER ROLE "boss"/)[0]).toContain('NOSUPERUSER')
  expect(about(/^COMMENT/)).toEqual(['COMMENT ON ROLE "boss" IS NULL'])
  expect(about(/^GRANT/)).toEqual([
    'GRANT "group" TO "boss"',
    'GRANT "boss" TO "app" WITH ADMIN OPTION',
  ])
})

it.each([
  [{ admin: true, inherit: false, set: true }, 'WITH ADMIN OPTION, INHERIT false, SET true'],
  [{ admin: false, inherit: true, set: false }, 'WITH INHERIT true, SET false'],
  // Of a server before 16, and of a backup from before it was told.
  [{ admin: false, inherit: null, set: null }, ''],
  [{ admin: true }, 'WITH ADMIN OPTION'],
])('a membership is as wide as it was: %j', async (membership, words) => {
  const { query, about } = played({ group: null })
  const member = { ...role, memberOf: [{ role: 'group', ...membership }] }
  expect(await applyRoles(query, [member], { except: [] })).toEqual([])
  expect(about(/^GRANT/)).toEqual([`GRANT "group" TO "app" ${words}`.trim()])
})

it('is valid as long as it was; an end that can’t be read is told, and all else goes on', async () => {
  const { query, about } = played({})
  const until = '2026-12-31 00:00:00+00'
  const mortal = [
    { ...role, validUntil: until },
    { ...boss, validUntil: until, memberOf: [] },
  ]
  await applyRoles(query, mortal, { except: [] })
  expect(about(/VALID UNTIL/)).toEqual([
    `ALTER ROLE "app" VALID UNTIL '${until}'`,
    `ALTER ROLE "boss" VALID UNTIL '${until}'`,
  ])

  const refusing: Query = (text) => {
    if (!text.includes('VALID UNTIL')) return query(text)
    const detail = '22008: date/time field value out of range: "31/12/2026"'
    return Promise.reject(new QuaysideError('engine_failed', 'No.', { detail }))
  }
  const old = { ...role, validUntil: '31/12/2026 00:00:00 UTC' }
  expect(await applyRoles(refusing, [old], { except: [] })).toEqual([
    'The role “app” is valid without an end: it was until 31/12/2026 00:00:00 UTC.',
  ])
  expect(about(/^COMMIT/)).toHaveLength(2)
})

it('leaves a superuser alone that it has not made', async () => {
  const { query, about } = played({ boss: 'our own', group: null, app: null })
  expect(await settleRoles(query, roles, { owner: 'user', mark: 'a job' })).toEqual([])
  expect(about(/^(?:ALTER|GRANT|COMMENT)/)).toEqual([])
})
