import { forwardRef } from 'react'
import { describe, expect, it } from 'vitest'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { aDatabase } from '../../lib/a-database.ts'
import type { Command } from '../../lib/commands.ts'
import { paletteGroups, type PaletteSource } from './results.ts'

const command = (label: string): Command => ({
  id: label,
  label,
  icon: forwardRef(() => null),
  run: () => undefined,
})
const shop = aDatabase({ name: 'shop', environment: 'production' })
const cache = aDatabase({ name: 'shop-cache', environment: 'production' })
const wiki = aDatabase({ name: 'wiki', environment: 'staging', hostName: 'homelab' })
const source: PaletteSource = {
  databases: [cache, shop, wiki],
  hosts: [],
  commands: [command('Create database'), command('Add host'), command('Show activity')],
  actionsOf: ({ environment }) => [
    command('Copy connection URL'),
    command(environment === 'production' ? 'Stop…' : 'Stop'),
  ],
}

/** Headings, each with its entries in words. */
const shown = (query: string, scope?: DatabaseView) =>
  paletteGroups(query, source, { scope, looked: undefined }).map(({ title, entries }) => [
    title,
    ...entries.map((entry) => {
      if (entry.kind === 'host') return entry.host.name
      if (entry.kind === 'database') return entry.database.name
      return [entry.command.label, entry.database?.name].filter(Boolean).join(' ')
    }),
  ])

describe('the palette', () => {
  it('puts the database that fits best on top, with its actions', () => {
    expect(shown('shop')).toEqual([
      ['shop', 'Copy connection URL', 'Stop…'],
      ['Databases', 'shop-cache'],
    ])
  })

  it('finds a database by its host or environment too', () => {
    expect(shown('homelab')[0]).toEqual(['wiki', 'Copy connection URL', 'Stop'])
    expect(shown('prod shop-c')[0]?.[0]).toBe('shop-cache')
  })

  it('finds a verb and a database', () => {
    expect(shown('copy wiki')).toEqual([['Actions', 'Copy connection URL wiki']])
    expect(shown('stop shop')[0]?.slice(0, 3)).toEqual([
      'Actions',
      'Stop… shop',
      'Stop… shop-cache',
    ])
  })

  it('finds commands', () => {
    expect(shown('add h')).toEqual([['Commands', 'Add host']])
    expect(shown('activity')).toEqual([['Commands', 'Show activity']])
  })

  it('shows a scope alone', () => {
    expect(shown('', wiki)).toEqual([['wiki', 'Copy connection URL', 'Stop']])
    expect(shown('st', wiki)).toEqual([['wiki', 'Stop']])
    expect(shown('xyz', wiki)).toEqual([])
  })

  it('begins with databases and commands', () => {
    expect(shown('').map(([title]) => title)).toEqual(['Databases', 'Commands'])
  })

  it('finds nothing where nothing fits', () => {
    expect(shown('zzz')).toEqual([])
  })
})
