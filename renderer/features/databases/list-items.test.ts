import { describe, expect, it } from 'vitest'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { aDatabase } from '../../lib/a-database.ts'
import { idsBetween, listItems, nextItem } from './list-items.ts'

const on = (hostName: string, ...names: string[]): DatabaseView[] =>
  names.map((name) => aDatabase({ name, hostName }))

const databases = [...on('ams', 'a', 'b'), ...on('fra', 'c')]
const nameOf = new Map(databases.map(({ id, name }) => [id, name]))
const shape = (folded: string[] = []) =>
  listItems(databases, new Set(folded)).map((item) =>
    item.kind === 'host' ? `${item.name} ${item.count}` : nameOf.get(item.id),
  )

describe('the list', () => {
  it('has a heading for each host', () => {
    expect(shape()).toEqual(['ams 2', 'a', 'b', 'fra 1', 'c'])
  })

  it('keeps the count of a folded host', () => {
    const [first] = databases
    expect(shape([first?.hostId ?? ''])).toEqual(['ams 2', 'fra 1', 'c'])
  })

  it('is empty without databases', () => {
    expect(listItems([], new Set())).toEqual([])
  })

  it.each([
    ['ArrowDown', 0, 1],
    ['j', 4, 4],
    ['ArrowUp', 0, 0],
    ['PageDown', 1, 4],
    ['PageUp', 4, 1],
    ['Home', 3, 0],
    ['End', 0, 4],
    ['x', 2, undefined],
  ])('%s leads from %i to %s', (key, from, to) => {
    expect(nextItem(key, from, 5, 3)).toBe(to)
  })

  it('selects what lies between two rows, in either direction, without headings', () => {
    const items = listItems(databases, new Set())
    const ids = databases.map(({ id }) => id)
    expect(idsBetween(items, 1, 4)).toEqual(ids)
    expect(idsBetween(items, 4, 2)).toEqual(ids.slice(1))
  })
})
