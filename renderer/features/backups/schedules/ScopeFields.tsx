import { Select, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { databaseIdSchema } from '../../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../../shared/contract/hosts.ts'
import type { ScheduleScope } from '../../../../shared/contract/schedules.ts'
import {
  environmentLabels,
  environments,
  environmentSchema,
  nameOnHost,
} from '../../../../shared/names.ts'
import { OptionCard, OptionGroup } from '../../../ui/OptionCard.tsx'
import { databasesQuery } from '../../databases/queries.ts'
import { hostsQuery } from '../../hosts/queries.ts'
import classes from './Schedules.module.css'

const kinds = [
  { kind: 'rule', title: 'All that fit', fact: 'also those that come later' },
  { kind: 'host', title: 'All of a host', fact: 'also those that come later' },
  { kind: 'database', title: 'One database', fact: 'and no other' },
] as const

const chevron = <IconChevronDown size={16} stroke={1.5} />

/** Which databases a schedule takes in. */
export function ScopeFields(props: {
  scope: ScheduleScope
  onChange: (scope: ScheduleScope) => void
}) {
  const { scope, onChange } = props
  const databases = (useQuery(databasesQuery).data ?? []).filter(({ status }) => status !== 'trash')
  const hosts = useQuery(hostsQuery).data ?? []
  const hostData = hosts.map(({ id, name }) => ({ value: id, label: name }))
  const choose = (kind: ScheduleScope['kind']) => () => {
    if (kind === 'rule') onChange({ kind })
    else if (kind === 'host' && hosts[0]) onChange({ kind, hostId: hosts[0].id })
    else if (kind === 'database' && databases[0]) onChange({ kind, databaseId: databases[0].id })
  }
  return (
    <div>
      <div className={classes.label}>Databases</div>
      <OptionGroup label="Databases" columns="repeat(3, minmax(0, 1fr))">
        {kinds.map(({ kind, title, fact }) => (
          <OptionCard
            key={kind}
            name="scope"
            label={title}
            tall
            checked={scope.kind === kind}
            onChoose={choose(kind)}
          >
            <span className={classes.words}>
              <span className={classes.optionTitle}>{title}</span>
              <span className={classes.fact}>{fact}</span>
            </span>
          </OptionCard>
        ))}
      </OptionGroup>
      <div className={classes.row3}>
        {scope.kind === 'database' && (
          <Select
            className={classes.long ?? ''}
            label="Database"
            searchable
            rightSection={chevron}
            data={databases.map((each) => ({ value: each.id, label: nameOnHost(each) }))}
            value={scope.databaseId}
            onChange={(id) => {
              onChange({ kind: 'database', databaseId: databaseIdSchema.parse(id) })
            }}
          />
        )}
        {scope.kind === 'host' && (
          <Select
            className={classes.long ?? ''}
            label="Host"
            rightSection={chevron}
            data={hostData}
            value={scope.hostId}
            onChange={(id) => {
              onChange({ kind: 'host', hostId: hostIdSchema.parse(id) })
            }}
          />
        )}
        {scope.kind === 'rule' && (
          <>
            <Select
              label="Environment"
              rightSection={chevron}
              data={[
                { value: '', label: 'Any' },
                ...environments.map((value) => ({ value, label: environmentLabels[value] })),
              ]}
              value={scope.environment ?? ''}
              onChange={(chosen) => {
                const { environment: _, ...rest } = scope
                const environment = environmentSchema.safeParse(chosen)
                onChange(environment.success ? { ...rest, environment: environment.data } : rest)
              }}
            />
            <Select
              label="Host"
              rightSection={chevron}
              data={[{ value: '', label: 'Any' }, ...hostData]}
              value={scope.hostId ?? ''}
              onChange={(chosen) => {
                const { hostId: _, ...rest } = scope
                const hostId = hostIdSchema.safeParse(chosen)
                onChange(hostId.success ? { ...rest, hostId: hostId.data } : rest)
              }}
            />
            <TextInput
              label="Name contains"
              placeholder="anything"
              autoComplete="off"
              spellCheck={false}
              maxLength={63}
              value={scope.nameContains ?? ''}
              onChange={(event) => {
                const { nameContains: _, ...rest } = scope
                const typed = event.currentTarget.value
                onChange(typed === '' ? rest : { ...rest, nameContains: typed })
              }}
            />
          </>
        )}
      </div>
    </div>
  )
}
