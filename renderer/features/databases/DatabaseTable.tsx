import { useQueryClient } from '@tanstack/react-query'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
} from 'react'
import { useLocation } from 'wouter'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { isInside } from '../../lib/list-keys.ts'
import { isTyping } from '../../lib/keys.ts'
import { showDone, showError } from '../../ui/toasts.tsx'
import { DatabaseRow } from './DatabaseRow.tsx'
import { HostGroupRow } from './HostGroupRow.tsx'
import { hrefOf } from './href.ts'
import { idsBetween, itemHeights, nextItem, type ListItem } from './list-items.ts'
import { copySecret } from './mutations.ts'
import { databaseItems } from './queries.ts'
import { TableHead } from './TableHead.tsx'
import { useLayout } from './use-layout.ts'
import type { Selection } from './use-selection.ts'
import { useToggleTunnel } from './use-toggle-tunnel.ts'
import classes from './DatabaseList.module.css'

/** Height of the column titles, which stay at the top, px. */
const headHeight = 32

/** Moves the focus into the list. */
export type EnterTable = () => void

interface DatabaseTableProps {
  items: readonly ListItem[]
  engines: ReadonlyMap<string, EngineInfo>
  hosts: ReadonlyMap<string, HostView>
  selection: Selection
  onFold: (hostId: string) => void
  /** The database that stands in the panel beside the list. */
  peeked: string | null
  onPeek: (id: string | null) => void
  /** Is given what moves the focus into the list. */
  enter: Ref<EnterTable>
}

/**
 * The databases as a table of which only the rows on the screen exist. One row has the focus, also
 * while it is scrolled away; rows know nothing of each other, so that only a changed one is drawn.
 */
export function DatabaseTable(props: DatabaseTableProps) {
  const { items, engines, hosts, selection, onFold, peeked, onPeek, enter } = props
  const [, navigate] = useLocation()
  const tunnels = useToggleTunnel()
  const databases = databaseItems(useQueryClient())
  const table = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const at = items.findIndex((item) => item.key === focused)
  const active = at === -1 ? items.findIndex((item) => item.kind === 'database') : at
  // Where a range began, and what was chosen before it.
  const anchor = useRef<{ key: string; before: ReadonlySet<string> } | null>(null)

  const layout = useLayout(items)
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => table.current?.parentElement ?? null,
    estimateSize: (index) => itemHeights[items[index]?.kind ?? 'database'],
    getItemKey: useCallback((index: number) => layout[index]?.key ?? index, [layout]),
    overscan: 6,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return active === -1 || shown.includes(active)
        ? shown
        : [...shown, active].sort((a, b) => a - b)
    },
  })
  // Heights hang on which items are headings, which the virtualiser can't see.
  const { measure, scrollToIndex } = virtual
  useEffect(() => {
    measure()
  }, [layout, measure])

  const focusItem = useCallback(
    (index: number) => {
      const item = items[index]
      if (item === undefined) return
      setFocused(item.key)
      // An open panel goes along.
      if (peeked !== null && item.kind === 'database') onPeek(item.key)
      scrollToIndex(index, { align: 'auto' })
      // The row may come to be only now.
      requestAnimationFrame(() => {
        table.current
          ?.querySelector<HTMLElement>(`[data-index="${index}"]`)
          ?.focus({ preventScroll: true })
      })
    },
    [items, scrollToIndex, peeked, onPeek],
  )
  useImperativeHandle(enter, () => () => focusItem(Math.max(0, active)), [focusItem, active])

  const extendTo = (index: number) => {
    const key = items[active]?.key ?? items[index]?.key ?? ''
    const { key: begin, before } = (anchor.current ??= { key, before: selection.ids })
    const from = items.findIndex((item) => item.key === begin)
    selection.set(new Set([...before, ...idsBetween(items, from === -1 ? index : from, index)]))
  }
  const databaseOf = (item: ListItem | undefined) =>
    item?.kind === 'database' ? databases.get(item.id) : undefined
  const choose = (item: ListItem | undefined) => {
    if (item?.kind !== 'database') return
    selection.toggle(item.id)
    anchor.current = null
  }
  const open = (item: ListItem) => {
    const database = databaseOf(item)
    if (item.kind === 'host') onFold(item.hostId)
    else if (database !== undefined) navigate(hrefOf(database))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // A menu or dialog opened from a row is its child for React, but stands elsewhere in the page.
    if (!isInside(event) || isTyping(event.target) || event.altKey) return
    const item = items[active]
    const onRow = event.target instanceof HTMLElement && event.target.matches('[data-index]')
    if (event.metaKey || event.ctrlKey) {
      const database = onRow ? databaseOf(item) : undefined
      if (event.key === 'a') {
        event.preventDefault()
        selection.set(new Set(idsBetween(items, 0, items.length)))
      }
      if (event.key === 't' && !event.shiftKey && database !== undefined) {
        event.preventDefault()
        tunnels.toggle(database)
      }
      if (event.key === 'b' && database !== undefined) {
        event.preventDefault()
        if (database.status !== 'creating') navigate(`/backups/${database.id}/new`)
      }
      if (event.key === 'c' && database !== undefined) {
        event.preventDefault()
        const { id, name, status } = database
        if (status === 'creating') return
        copySecret(id, 'url')().then(() => {
          showDone(`The connection URL of ${name} is copied`)
        }, showError)
      }
      return
    }
    const page = Math.max(
      1,
      Math.floor((virtual.scrollRect?.height ?? 0) / itemHeights.database) - 1,
    )
    const next = nextItem(event.key, active, items.length, page)
    if (next !== undefined) {
      event.preventDefault()
      if (event.shiftKey) extendTo(next)
      else anchor.current = null
      focusItem(next)
    } else if (onRow && item !== undefined) {
      const folds = item.kind === 'host' && event.key === (item.folded ? 'ArrowRight' : 'ArrowLeft')
      if (event.key === 'Enter' || folds) open(item)
      else if (event.key === ' ') {
        event.preventDefault()
        if (item.kind === 'host') onFold(item.hostId)
        else onPeek(peeked === item.key ? null : item.key)
      } else if (event.key === 'x') choose(item)
    }
  }

  const onClick = (event: MouseEvent<HTMLElement>) => {
    const index = rowAt(event)
    const item = index === undefined ? undefined : items[index]
    if (index === undefined || item === undefined) return
    const boxed = event.target instanceof Element && event.target.closest('[data-choose]') !== null
    if (!boxed && event.target instanceof Element && event.target.closest('a, button') !== null)
      return
    if (event.shiftKey) extendTo(index)
    else if (item.kind === 'host') onFold(item.hostId)
    else if (boxed || event.metaKey || event.ctrlKey) choose(item)
    setFocused(item.key)
  }

  return (
    <div
      ref={table}
      role="grid"
      aria-label="Databases"
      aria-multiselectable
      aria-rowcount={items.length + 1}
      className={classes.table}
      data-choosing={selection.ids.size > 0 || undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={(event) => {
        const item = items[rowAt(event) ?? -1]
        if (item?.kind === 'database') open(item)
      }}
      onFocus={(event) => {
        const row = event.target.closest<HTMLElement>('[data-index]')
        const item = items[Number(row?.dataset['index'] ?? -1)]
        if (item !== undefined && isInside(event)) setFocused(item.key)
      }}
    >
      <TableHead />
      <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index]
          if (item === undefined) return null
          const place = { index, top: start - headHeight, active: index === active }
          if (item.kind === 'host') {
            const { hostId, name, count, folded } = item
            const about = { name, count, folded, host: hosts.get(hostId) }
            return <HostGroupRow key={key} {...place} {...about} />
          }
          const selected = selection.ids.has(item.id)
          return (
            <DatabaseRow key={key} {...place} id={item.id} engines={engines} selected={selected} />
          )
        })}
      </div>
    </div>
  )
}

/** The index of the row that a pointer met. */
function rowAt(event: MouseEvent<HTMLElement>): number | undefined {
  if (!isInside(event) || !(event.target instanceof Element)) return undefined
  const row = event.target.closest<HTMLElement>('[data-index]')
  return row === null ? undefined : Number(row.dataset['index'])
}
