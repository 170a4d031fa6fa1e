import { expect, it } from 'vitest'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { Environment } from '../../../shared/names.ts'
import { aDatabase } from '../../lib/a-database.ts'
import { filterDatabases, isFiltering, noFilter } from './filter.ts'

function database(
  name: string,
  environment: Environment,
  status: DatabaseView['status'] = 'running',
): DatabaseView {
  return aDatabase({ name, environment, status, hostName: name === 'wiki' ? 'homelab' : 'ams-1' })
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

it('sorts by host, then name, production first', () => {
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

it('narrows by host', () => {
  const homelab = all.filter(({ hostName }) => hostName === 'homelab').map(({ hostId }) => hostId)
  const filter = { ...noFilter, hosts: new Set<string>(homelab) }
  expect(names(filterDatabases(all, filter, label))).toEqual(['wiki development'])
  expect(isFiltering(filter)).toBe(true)
})

it('knows whether anything is left out', () => {
  expect(isFiltering(noFilter)).toBe(false)
  expect(isFiltering({ ...noFilter, text: ' ' })).toBe(false)
  expect(isFiltering({ ...noFilter, text: 'x' })).toBe(true)
})
