import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { isFloating } from '../../lib/keys.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page } from '../../ui/Page.tsx'
import { enginesQuery } from '../engines/queries.ts'
import { hostsQuery } from '../hosts/queries.ts'
import { jobsQuery } from '../jobs/queries.ts'
import { DatabaseListFooter } from './DatabaseListFooter.tsx'
import { CreateButton, DatabaseListHeader, type HostName } from './DatabaseListHeader.tsx'
import { DatabasePanel } from './DatabasePanel.tsx'
import { DatabaseTable, type EnterTable } from './DatabaseTable.tsx'
import { filterDatabases, isFiltering, noFilter } from './filter.ts'
import { listItems } from './list-items.ts'
import { createOutline } from './outline.ts'
import { SelectionBar } from './SelectionBar.tsx'
import { TrashSection } from './TrashSection.tsx'
import { databasesQuery } from './queries.ts'
import { useFolds, useListFilter } from './use-list-choices.ts'
import { useSelection } from './use-selection.ts'
import classes from './DatabaseList.module.css'

/** All databases on all hosts, with their live state. */
export function DatabaseList() {
  const [filter, setFilter] = useListFilter()
  const byState = filter.states.size > 0
  const outline = useMemo(() => createOutline(byState), [byState])
  const databases = useQuery({ ...databasesQuery, select: outline })
  const engineList = useQuery(enginesQuery).data
  const hostList = useQuery(hostsQuery).data
  // The same names through every beat of the hosts' latency.
  const hostNames = useQuery({ ...hostsQuery, select: namesOf }).data
  // Held for the rows, of which each draws its own.
  useQuery({ ...jobsQuery, notifyOnChangeProps: [] })
  const engines = useMemo(() => byId(engineList), [engineList])
  const hosts = useMemo(() => byId(hostList), [hostList])
  const search = useRef<HTMLInputElement>(null)
  const enterTable = useRef<EnterTable>(null)
  const [peeked, setPeeked] = useState<string | null>(null)
  const { kept, trash } = useMemo(() => {
    const all = databases.data ?? []
    return {
      kept: all.filter((each) => each.status !== 'trash'),
      trash: all.filter((each) => each.status === 'trash'),
    }
  }, [databases.data])
  const shown = useMemo(
    () => filterDatabases(kept, filter, (id) => engines.get(id)?.label ?? id),
    [kept, filter, engines],
  )
  const [folded, fold] = useFolds()
  const items = useMemo(() => listItems(shown, folded), [shown, folded])
  const beside = kept.find(({ id }) => id === peeked)?.id
  const selection = useSelection()
  const choosing = selection.ids.size > 0 && kept.some(({ id }) => selection.ids.has(id))
  const inList = useMemo(
    () => new Set<string>(items.flatMap((item) => (item.kind === 'database' ? [item.id] : []))),
    [items],
  )
  // The bar goes, and the focus that it may have: the keys of the list shall work on.
  const leaveSelection = () => {
    selection.clear()
    enterTable.current?.()
  }
  useHotkeys([
    ['/', () => search.current?.focus()],
    [
      'Escape',
      (event) => {
        if (isFloating(event.target)) return
        if (beside === undefined) {
          if (choosing) leaveSelection()
          return
        }
        // The focus would go with the panel: back to the row it was about. That row shows its panel first.
        if (event.target instanceof Element && event.target.closest('aside') !== null)
          enterTable.current?.()
        setPeeked(null)
      },
    ],
  ])

  const noHost = hostList?.length === 0
  const header = (
    <DatabaseListHeader
      noHost={noHost}
      any={kept.length > 0}
      filter={filter}
      onFilter={setFilter}
      hosts={hostNames}
      engines={engineList}
      search={search}
      enterTable={enterTable}
    />
  )
  return (
    <Page
      header={header}
      padded={databases.isError}
      {...(beside !== undefined && {
        rail: <DatabasePanel key={beside} id={beside} />,
        railWidth: 352,
      })}
      footer={
        choosing ? (
          <SelectionBar ids={selection.ids} shown={inList} onClear={leaveSelection} />
        ) : kept.length > 0 ? (
          <DatabaseListFooter shown={shown.length} all={kept.length} hosts={hostList ?? []} />
        ) : undefined
      }
    >
      {databases.isError && <ErrorBox error={databases.error} />}
      {databases.isPending && <LoadingRows />}
      {databases.data !== undefined && kept.length === 0 && (
        <EmptyState title="No databases yet" action={<CreateButton noHost={noHost} />}>
          {noHost
            ? 'A database runs on a host: a server over SSH, or this computer. Add one first.'
            : 'A database of your own is one click away. It runs in a container on your host, and its data stays there.'}
        </EmptyState>
      )}
      {items.length > 0 && (
        <DatabaseTable
          items={items}
          engines={engines}
          hosts={hosts}
          selection={selection}
          onFold={fold}
          peeked={beside ?? null}
          onPeek={setPeeked}
          enter={enterTable}
        />
      )}
      {kept.length > 0 && shown.length === 0 && isFiltering(filter) && (
        <div className={classes.nothing}>
          No database fits.{' '}
          <Button
            size="xs"
            ml={8}
            onClick={() => {
              setFilter(noFilter)
            }}
          >
            Show all
          </Button>
        </div>
      )}
      {trash.length > 0 && <TrashSection databases={trash} />}
    </Page>
  )
}

function namesOf(hosts: readonly HostView[]): readonly HostName[] {
  return hosts.map(({ id, name }) => ({ id, name }))
}

function byId<T extends { id: string }>(all: readonly T[] | undefined): ReadonlyMap<string, T> {
  return new Map(all?.map((each) => [each.id, each]))
}
