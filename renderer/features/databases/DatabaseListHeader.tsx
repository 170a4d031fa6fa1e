import { Button, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { memo, type RefObject } from 'react'
import { useLocation } from 'wouter'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import { environmentLabels, environments } from '../../../shared/names.ts'
import { stateLabels } from '../../lib/database-state.ts'
import { FilterMenu } from '../../ui/FilterMenu.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { PageHeader } from '../../ui/Page.tsx'
import type { EnterTable } from './DatabaseTable.tsx'
import { filterStates, type DatabaseFilter } from './filter.ts'
import classes from './DatabaseList.module.css'

/** A host as the filter offers it. */
export interface HostName {
  readonly id: string
  readonly name: string
}

interface DatabaseListHeaderProps {
  /** True once it is known that there is no host yet. */
  noHost: boolean
  /** True where there are databases to search in. */
  any: boolean
  filter: DatabaseFilter
  onFilter: (next: DatabaseFilter) => void
  hosts: readonly HostName[] | undefined
  engines: readonly EngineInfo[] | undefined
  search: RefObject<HTMLInputElement | null>
  /** Holds what moves the focus into the list. */
  enterTable: RefObject<EnterTable | null>
}

/** The list's title, search and filters: dear to draw, and the same while databases change. */
export const DatabaseListHeader = memo(function DatabaseListHeader(props: DatabaseListHeaderProps) {
  const { noHost, any, filter, onFilter, search, enterTable } = props
  const { hosts = [], engines = [] } = props
  if (!any) return <PageHeader title="Databases" />
  return (
    <PageHeader title="Databases" actions={<CreateButton noHost={noHost} />}>
      <TextInput
        ref={search}
        className={classes.search ?? ''}
        aria-label="Search databases"
        placeholder="Name, host, engine"
        leftSection={<IconSearch size={16} stroke={1.5} />}
        rightSection={<Kbd keys="/" />}
        value={filter.text}
        onChange={(event) => {
          onFilter({ ...filter, text: event.currentTarget.value })
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onFilter({ ...filter, text: '' })
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault()
            enterTable.current?.()
          }
        }}
      />
      {hosts.length > 1 && (
        <FilterMenu
          label="Host"
          options={hosts.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={filter.hosts}
          onChange={(chosen) => {
            onFilter({ ...filter, hosts: chosen })
          }}
        />
      )}
      <FilterMenu
        label="Environment"
        options={environments.map((value) => ({ value, label: environmentLabels[value] }))}
        chosen={filter.environments}
        onChange={(chosen) => {
          onFilter({ ...filter, environments: chosen })
        }}
      />
      {engines.length > 1 && (
        <FilterMenu
          label="Engine"
          options={engines.map(({ id, label }) => ({ value: id, label }))}
          chosen={filter.engines}
          onChange={(chosen) => {
            onFilter({ ...filter, engines: chosen })
          }}
        />
      )}
      <FilterMenu
        label="State"
        options={filterStates.map((value) => ({ value, label: stateLabels[value] }))}
        chosen={filter.states}
        onChange={(chosen) => {
          onFilter({ ...filter, states: chosen })
        }}
      />
    </PageHeader>
  )
})

/** The way to a new database, or to the host that has to come first. */
export function CreateButton({ noHost }: { noHost: boolean }) {
  const [, navigate] = useLocation()
  return (
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
}
