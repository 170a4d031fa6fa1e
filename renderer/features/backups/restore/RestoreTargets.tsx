import { Select, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { DatabaseView } from '../../../../shared/contract/databases.ts'
import type { HostView } from '../../../../shared/contract/hosts.ts'
import {
  environmentLabels,
  environments,
  environmentSchema,
  nameOnHost,
} from '../../../../shared/names.ts'
import { EnvironmentMark } from '../../../ui/EnvironmentMark.tsx'
import { OptionCard, OptionGroup } from '../../../ui/OptionCard.tsx'
import { HostSelect } from './HostSelect.tsx'
import { replaces, type RestoreValues, type TargetKind } from './restore-form.ts'
import classes from './Restore.module.css'

interface RestoreTargetsProps {
  values: RestoreValues
  onChange: (values: RestoreValues) => void
  /** Where the source runs, if that host is here. */
  source: HostView | null
  hosts: readonly HostView[]
  /** The source itself, if it is here. */
  database: DatabaseView | undefined
  /** Databases of the same engine whose place it can take as well. */
  others: readonly DatabaseView[]
  /** The one whose place is taken, once it is chosen. */
  replaced: DatabaseView | undefined
  nameError: string | undefined
}

/** New beside the source, on another host, or in place; and what each of them wants to know. */
export function RestoreTargets(props: RestoreTargetsProps) {
  const { values, onChange, source, hosts, database, others, replaced, nameError } = props
  const elsewhere = hosts.filter(({ id }) => id !== source?.id)
  const canReplace = database !== undefined && database.status !== 'trash'
  const choose = (kind: TargetKind) => () => {
    const host = kind === 'beside' ? source : kind === 'elsewhere' ? elsewhere[0] : undefined
    onChange({ ...values, kind, hostId: host?.id ?? values.hostId, confirmName: '' })
  }
  return (
    <>
      <h2 className={classes.title}>Target</h2>
      <OptionGroup label="Target" columns="minmax(0, 1fr)">
        {source !== null && (
          <OptionCard
            name="target"
            label="New database beside it"
            tall
            checked={values.kind === 'beside'}
            onChoose={choose('beside')}
          >
            <Words title="New database beside it">
              {values.name} on {source.name}. The source stays as it is.
            </Words>
          </OptionCard>
        )}
        {elsewhere.length > 0 && (
          <OptionCard
            name="target"
            label={source === null ? 'New database' : 'Another host'}
            tall
            checked={values.kind === 'elsewhere'}
            onChoose={choose('elsewhere')}
          >
            <Words title={source === null ? 'New database' : 'Another host'}>
              A new database on {elsewhere.map(({ name }) => name).join(', ')}.
            </Words>
          </OptionCard>
        )}
        {canReplace && (
          <OptionCard
            name="target"
            label="In place"
            tall
            production={database.environment === 'production'}
            checked={values.kind === 'in-place'}
            onChoose={choose('in-place')}
          >
            <Words title="In place">
              Replaces the data of {database.name}, after a verified safety backup. Clients are cut
              off for a moment.
            </Words>
            <EnvironmentMark environment={database.environment} />
          </OptionCard>
        )}
        {others.length > 0 && (
          <OptionCard
            name="target"
            label="Another database"
            tall
            production={values.kind === 'another' && replaced?.environment === 'production'}
            checked={values.kind === 'another'}
            onChoose={choose('another')}
          >
            <Words title="Another database">
              Replaces the data of one you choose, after a verified safety backup. Clients are cut
              off for a moment.
            </Words>
          </OptionCard>
        )}
      </OptionGroup>
      <div className={classes.fields}>
        {replaces(values) ? (
          <>
            {values.kind === 'another' && (
              <Select
                className={classes.long ?? ''}
                label="Database"
                placeholder="Choose one"
                rightSection={<IconChevronDown size={16} stroke={1.5} />}
                data={others.map((each) => ({ value: each.id, label: nameOnHost(each) }))}
                value={values.databaseId === '' ? null : values.databaseId}
                onChange={(chosen) => {
                  onChange({ ...values, databaseId: chosen ?? '', confirmName: '' })
                }}
              />
            )}
            {replaced !== undefined && (
              <TextInput
                className={classes.long ?? ''}
                label={
                  <>
                    Type <code>{replaced.name}</code> to confirm
                  </>
                }
                description={
                  <>
                    <EnvironmentMark environment={replaced.environment} />
                    <span>
                      <code>{replaced.containerName}</code> on {replaced.hostName}
                    </span>
                  </>
                }
                descriptionProps={{ className: classes.which ?? '' }}
                autoComplete="off"
                spellCheck={false}
                value={values.confirmName}
                onChange={(event) => {
                  onChange({ ...values, confirmName: event.currentTarget.value })
                }}
              />
            )}
          </>
        ) : (
          <>
            <TextInput
              className={classes.long ?? ''}
              label="Name"
              autoComplete="off"
              spellCheck={false}
              maxLength={60}
              value={values.name}
              error={nameError}
              onChange={(event) => {
                onChange({ ...values, name: event.currentTarget.value })
              }}
            />
            {values.kind === 'elsewhere' && (
              <HostSelect
                hosts={elsewhere}
                hostId={values.hostId}
                onChoose={(hostId) => {
                  onChange({ ...values, hostId })
                }}
              />
            )}
            <Select
              label="Environment"
              rightSection={<IconChevronDown size={16} stroke={1.5} />}
              data={environments.map((value) => ({ value, label: environmentLabels[value] }))}
              value={values.environment}
              onChange={(chosen) => {
                onChange({ ...values, environment: environmentSchema.parse(chosen) })
              }}
            />
          </>
        )}
      </div>
    </>
  )
}

function Words({ title, children }: { title: string; children: ReactNode }) {
  return (
    <span className={classes.words}>
      <span className={classes.optionTitle}>{title}</span>
      <span className={classes.fact}>{children}</span>
    </span>
  )
}
