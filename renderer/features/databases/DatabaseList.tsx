import { Button, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { environmentLabels, environments } from '../../../shared/names.ts'
import { stateLabels } from '../../lib/database-state.ts'
import { moveFocus } from '../../lib/list-keys.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import type { StateKind } from '../../ui/StateDot.tsx'
import { enginesQuery } from '../engines/queries.ts'
import { hostsQuery } from '../hosts/queries.ts'
import { jobsQuery } from '../jobs/queries.ts'
import { DatabaseListFooter } from './DatabaseListFooter.tsx'
import { DatabaseRow } from './DatabaseRow.tsx'
import { filterDatabases, isFiltering, noFilter } from './filter.ts'
import { FilterMenu } from './FilterMenu.tsx'
import { TrashSection } from './TrashSection.tsx'
import { databasesQuery } from './queries.ts'
import classes from './DatabaseList.module.css'

const states: readonly StateKind[] = [
  'running',
  'attention',
  'failed',
  'stopped',
  'working',
  'unknown',
]

/** All databases on all hosts, with their live state. */
export function DatabaseList() {
  const [, navigate] = useLocation()
  const databases = useQuery(databasesQuery)
  const engines = useQuery(enginesQuery).data ?? []
  const hosts = useQuery(hostsQuery).data
  const jobs = useQuery(jobsQuery).data
  const [filter, setFilter] = useState(noFilter)
  const search = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => search.current?.focus()]])

  const engineOf = (id: string) => engines.find((engine) => engine.id === id)
  const all = databases.data ?? []
  const kept = all.filter((each) => each.status !== 'trash')
  const trash = all.filter((each) => each.status === 'trash')
  const shown = filterDatabases(kept, filter, (id) => engineOf(id)?.label ?? id)
  const noHost = hosts?.length === 0
  const create = (
    <Button
      variant="filled"
      leftSection={<IconPlus stroke={1.6} />}
      onClick={() => {
        navigate(noHost ? '/hosts/new' : '/databases/new')
      }}
    >
      {noHost ? 'Add host' : 'New database'}
    </Button>
  )
  const header = (
    <PageHeader title="Databases" actions={kept.length > 0 ? create : undefined}>
      {kept.length > 0 && (
        <>
          <TextInput
            ref={search}
            className={classes.search ?? ''}
            aria-label="Search databases"
            placeholder="Name, host, engine"
            leftSection={<IconSearch size={16} stroke={1.5} />}
            rightSection={<Kbd keys="/" />}
            value={filter.text}
            onChange={(event) => {
              setFilter({ ...filter, text: event.currentTarget.value })
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setFilter({ ...filter, text: '' })
            }}
          />
          <FilterMenu
            label="Environment"
            options={environments.map((value) => ({ value, label: environmentLabels[value] }))}
            chosen={filter.environments}
            onChange={(chosen) => {
              setFilter({ ...filter, environments: chosen })
            }}
          />
          {engines.length > 1 && (
            <FilterMenu
              label="Engine"
              options={engines.map(({ id, label }) => ({ value: id, label }))}
              chosen={filter.engines}
              onChange={(chosen) => {
                setFilter({ ...filter, engines: chosen })
              }}
            />
          )}
          <FilterMenu
            label="State"
            options={states.map((value) => ({ value, label: stateLabels[value] }))}
            chosen={filter.states}
            onChange={(chosen) => {
              setFilter({ ...filter, states: chosen })
            }}
          />
        </>
      )}
    </PageHeader>
  )
  return (
    <Page
      header={header}
      padded={databases.isError}
      footer={
        kept.length > 0 ? <DatabaseListFooter databases={kept} hosts={hosts ?? []} /> : undefined
      }
    >
      {databases.isError && <ErrorBox error={databases.error} />}
      {databases.isPending && <LoadingRows />}
      {databases.data !== undefined && kept.length === 0 && (
        <EmptyState title="No databases yet" action={create}>
          {noHost
            ? 'A database runs on a host: a server over SSH, or this computer. Add one first.'
            : 'A database of your own is one click away. It runs in a container on your host, and its data stays there.'}
        </EmptyState>
      )}
      {kept.length > 0 && (
        <div
          role="table"
          aria-label="Databases"
          className={classes.table}
          onKeyDown={(event) => {
            moveFocus(event, '[role="row"][tabindex]')
          }}
        >
          <TableHead />
          {shown.map((database) => (
            <DatabaseRow
              key={database.id}
              database={database}
              engine={engineOf(database.engine)}
              job={
                database.jobId === null
                  ? undefined
                  : jobs?.find((each) => each.id === database.jobId)
              }
            />
          ))}
          {shown.length === 0 && isFiltering(filter) && (
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
        </div>
      )}
      {trash.length > 0 && <TrashSection databases={trash} />}
    </Page>
  )
}

function TableHead() {
  return (
    <div role="row" className={`${classes.columns} ${classes.head}`}>
      <span role="columnheader" className={classes.firstHead}>
        Name
      </span>
      <span role="columnheader">Environment</span>
      <span role="columnheader">Engine</span>
      <span role="columnheader">Host</span>
      <span role="columnheader" className={`${classes.right} ${classes.wide}`}>
        Port
      </span>
      <span role="columnheader" className={classes.right}>
        Size
      </span>
      <span role="columnheader" className={classes.right}>
        Connections
      </span>
      <span role="columnheader" className={`${classes.right} ${classes.wide}`}>
        CPU
      </span>
      <span role="columnheader" className={classes.wide}>
        Memory
      </span>
      <span role="columnheader">Up</span>
    </div>
  )
}
