import { expect, it } from 'vitest'
import { databaseSchema, type DatabaseView } from '../../../shared/contract/databases.ts'
import type { Environment } from '../../../shared/names.ts'
import { filterDatabases, isFiltering, noFilter } from './filter.ts'

let made = 0
function database(
  name: string,
  environment: Environment,
  status: DatabaseView['status'] = 'running',
): DatabaseView {
  made += 1
  return databaseSchema.parse({
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    hostId: '00000000-0000-4000-8000-00000000000a',
    hostName: name === 'wiki' ? 'homelab' : 'ams-1',
    name,
    environment,
    engine: 'anyengine',
    version: '17',
    image: 'anyengine:17',
    containerName: name,
    volumeName: name,
    port: null,
    user: 'db_user_000000',
    database: name,
    status,
    reason: null,
    since: null,
    startedAt: null,
    protected: false,
    deletedAt: null,
    createdAt: made,
    jobId: null,
  })
}

const all = [
  database('wiki', 'development', 'unknown'),
  database('shop', 'staging'),
  database('shop', 'production'),
  database('ledger', 'production', 'stopped'),
]
const names = (databases: readonly DatabaseView[]) =>
  databases.map((each) => `${each.name} ${each.environment}`)
const label = () => 'Any Engine'

it('sorts by name, production first', () => {
  expect(names(filterDatabases(all, noFilter, label))).toEqual([
    'ledger production',
    'shop production',
    'shop staging',
    'wiki development',
  ])
})

it('finds every word in name, host, environment or engine', () => {
  const find = (text: string) => names(filterDatabases(all, { ...noFilter, text }, label))
  expect(find('homelab')).toEqual(['wiki development'])
  expect(find('  SHOP  prod')).toEqual(['shop production'])
  expect(find('any engine')).toHaveLength(4)
  expect(find('nothing')).toEqual([])
})

it('narrows by environment and by state', () => {
  const filter = { ...noFilter, environments: new Set<Environment>(['production']) }
  expect(names(filterDatabases(all, filter, label))).toEqual([
    'ledger production',
    'shop production',
  ])
  const stopped = filterDatabases(all, { ...filter, states: new Set(['stopped'] as const) }, label)
  expect(names(stopped)).toEqual(['ledger production'])
})

it('knows whether anything is left out', () => {
  expect(isFiltering(noFilter)).toBe(false)
  expect(isFiltering({ ...noFilter, text: ' ' })).toBe(false)
  expect(isFiltering({ ...noFilter, text: 'x' })).toBe(true)
})
