import { Button, Select } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { IconArchive, IconChevronDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isFloating, keyLabel } from '../../lib/keys.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { FilterMenu } from '../../ui/FilterMenu.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { databasesQuery } from '../databases/queries.ts'
import { destinationsQuery } from '../destinations/queries.ts'
import { enginesQuery } from '../engines/queries.ts'
import { BackupDialog } from './BackupDialog.tsx'
import {
  backupRows,
  filterBackupRows,
  freshnessFilters,
  sortBackupRows,
  type BackupOrder,
  type BackupRow,
  type FreshnessFilter,
} from './backup-rows.ts'
import { BackupsRail } from './BackupsRail.tsx'
import { BackupTable } from './BackupTable.tsx'
import { StoredOffSite } from './StoredOffSite.tsx'
import { backupsQuery, useFreshness } from './queries.ts'
import classes from './Backups.module.css'

const orders: readonly { value: BackupOrder; label: string }[] = [
  { value: 'name', label: 'By name' },
  { value: 'age', label: 'Oldest first' },
  { value: 'size', label: 'Largest first' },
]

/** The question for a backup: of this database, or of another one that can be chosen there. */
interface Asked {
  database: DatabaseView
  canChoose: boolean
}

/** All databases and how well each is backed up, here and off-site. */
export function BackupsPage() {
  const [, navigate] = useLocation()
  const databases = useQuery(databasesQuery)
  const destinations = useQuery(destinationsQuery)
  const backups = useQuery(backupsQuery)
  const freshness = useFreshness()
  const [chosen, setChosen] = useState<ReadonlySet<FreshnessFilter>>(new Set())
  const [hosts, setHosts] = useState<ReadonlySet<string>>(new Set())
  const [order, setOrder] = useState<BackupOrder>('name')
  const [asked, setAsked] = useState<Asked>()
  const [inView, setInView] = useState<string>()
  const engines = useQuery(enginesQuery).data
  const error = databases.error ?? destinations.error ?? backups.error ?? freshness.error

  const known =
    databases.data && destinations.data && backups.data && freshness.data
      ? {
          databases: databases.data,
          destinations: destinations.data,
          backups: backups.data,
          freshness: freshness.data,
        }
      : undefined
  const rows = known === undefined ? [] : backupRows(known)
  const shown = sortBackupRows(filterBackupRows(rows, chosen, hosts), order)
  const beside = shown.find(({ database }) => database.id === inView) ?? shown[0]
  const wide = useMediaQuery('(min-width: 1200px)', true)
  const rail =
    wide && known !== undefined && beside !== undefined ? (
      <BackupsRail
        row={beside}
        backups={known.backups.filter(({ databaseId }) => databaseId === beside.database.id)}
        freshness={known.freshness.find(({ databaseId }) => databaseId === beside.database.id)}
        destinations={known.destinations}
        engine={engines?.find(({ id }) => id === beside.database.engine)}
      />
    ) : undefined
  const hostNames = [...new Set(rows.map(({ database }) => database.hostName))].sort()
  useHotkeys([
    [
      'mod+B',
      (event) => {
        if (isFloating(event.target)) return
        const row =
          event.target instanceof Element
            ? event.target.closest<HTMLElement>('[data-database]')
            : null
        const focused = rows.find(({ database }) => database.id === row?.dataset['database'])
        if (focused === undefined) askOf(beside)
        else setAsked({ database: focused.database, canChoose: false })
      },
    ],
  ])
  function askOf(row: BackupRow | undefined) {
    if (row !== undefined) setAsked({ database: row.database, canChoose: true })
  }
  return (
    <Page
      header={
        <PageHeader
          title="Backups"
          actions={
            <>
              <Button
                onClick={() => {
                  navigate('/backups/schedules')
                }}
              >
                Schedules
              </Button>
              <Button
                onClick={() => {
                  navigate('/backups/destinations')
                }}
              >
                Destinations
              </Button>
              {rows.length > 0 && (
                <Button
                  variant="filled"
                  leftSection={wide && <IconArchive stroke={1.5} />}
                  title={keyLabel('mod+B', window.quayside.platform)}
                  disabled={beside === undefined}
                  onClick={() => {
                    askOf(beside)
                  }}
                >
                  Back up now
                </Button>
              )}
            </>
          }
        >
          {rows.length > 0 && (
            <div className={classes.filters}>
              <FilterMenu
                label="Host"
                options={hostNames.map((name) => ({ value: name, label: name }))}
                chosen={hosts}
                onChange={setHosts}
              />
              <FilterMenu
                label="Freshness"
                options={freshnessFilters}
                chosen={chosen}
                onChange={setChosen}
              />
              <Select
                w={124}
                aria-label="Order"
                rightSection={<IconChevronDown size={16} stroke={1.5} />}
                data={[...orders]}
                value={order}
                onChange={(value) => {
                  setOrder(orders.find((each) => each.value === value)?.value ?? 'name')
                }}
              />
            </div>
          )}
        </PageHeader>
      }
      padded={error !== null}
      railWidth={304}
      rail={rail}
    >
      {error !== null && <ErrorBox error={error} />}
      {error === null && known === undefined && <LoadingRows />}
      {known !== undefined && rows.length === 0 && (
        <EmptyState
          title="Nothing to back up yet"
          action={
            <Button
              variant="filled"
              onClick={() => {
                navigate('/databases/new')
              }}
            >
              Create database
            </Button>
          }
        >
          Each database stands here with the age of its newest backup, on site and off-site.
        </EmptyState>
      )}
      {rows.length > 0 && known?.destinations.length === 0 && (
        <div className={classes.begin}>
          <IconArchive size={20} stroke={1.5} />
          <span className={classes.beginWords}>
            <b>No destination yet.</b> Say where backups go, then back up any database.
          </span>
          <Button
            variant="filled"
            onClick={() => {
              navigate('/backups/destinations/new')
            }}
          >
            Add destination
          </Button>
        </div>
      )}
      {rows.length > 0 && (
        <BackupTable
          rows={rows}
          shown={shown}
          inView={rail === undefined ? undefined : beside?.database.id}
          onView={setInView}
          onBackUp={(database) => {
            setAsked({ database, canChoose: false })
          }}
        />
      )}
      {rows.length > 0 && <StoredOffSite destinations={destinations.data ?? []} />}
      {asked !== undefined && (
        <BackupDialog
          database={asked.database}
          among={asked.canChoose ? shown.map(({ database }) => database) : []}
          onChoose={(database) => {
            setAsked({ database, canChoose: true })
          }}
          onClose={() => {
            setAsked(undefined)
          }}
        />
      )}
    </Page>
  )
}
