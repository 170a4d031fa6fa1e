import { Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { sentenceOfError } from '../../lib/error-words.ts'
import { environmentLabels, environments } from '../../../shared/names.ts'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { OptionCard, OptionGroup } from '../../ui/OptionCard.tsx'
import type { CreateValues } from './use-create-form.ts'
import { HostChoice } from './HostChoice.tsx'
import classes from './CreateDatabase.module.css'

interface CreateFieldsProps {
  form: UseFormReturnType<CreateValues>
  engines: readonly EngineInfo[]
  hosts: readonly HostView[]
  /** The host on which the plan found the name free. */
  freeOn: string | undefined
  /** What the plan complains of; shown beside its field. */
  planError: ErrorData | null
}

/** Engine, name, version, environment and host. */
export function CreateFields({ form, engines, hosts, freeOn, planError }: CreateFieldsProps) {
  const { values, setValues } = form
  const engine = engines.find((each) => each.id === values.engine)
  const errorOf = (field: keyof CreateValues): ReactNode =>
    form.errors[field] ?? (planError?.field === field ? sentenceOfError(planError) : undefined)
  const nameError = errorOf('name')
  return (
    <>
      <div>
        <div className={classes.label}>Engine</div>
        <OptionGroup label="Engine" columns="repeat(auto-fill, minmax(200px, 1fr))">
          {engines.map(({ id, label, icon, versions }) => (
            <OptionCard
              key={id}
              name="engine"
              label={label}
              bare
              checked={values.engine === id}
              onChoose={() => {
                setValues({ engine: id, version: versions[0]?.version ?? '' })
              }}
            >
              <EngineIcon path={icon} size={20} />
              <span className={classes.engineName}>{label}</span>
              <span className={classes.engineVersion}>
                {values.engine === id ? values.version : versions[0]?.version}
              </span>
            </OptionCard>
          ))}
        </OptionGroup>
        <FieldError error={errorOf('engine')} />
      </div>
      <div className={classes.nameAndVersion}>
        <TextInput
          label="Name"
          placeholder="a–z, 0–9 and hyphens"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={60}
          {...form.getInputProps('name')}
          onBlur={() => {
            // An empty name is not wrong before it is used.
            if (values.name !== '') form.validateField('name')
          }}
          error={nameError}
          rightSectionWidth="auto"
          rightSection={
            freeOn === undefined || nameError !== undefined ? null : (
              <span className={classes.free} role="status">
                <IconCheck size={14} stroke={1.6} />
                free on {freeOn}
              </span>
            )
          }
        />
        <Select
          label="Version"
          rightSection={<IconChevronDown size={16} stroke={1.5} />}
          data={(engine?.versions ?? []).map(({ version, label }) => ({ value: version, label }))}
          {...form.getInputProps('version')}
          error={errorOf('version')}
        />
      </div>
      <div>
        <div className={classes.label}>Environment</div>
        <OptionGroup label="Environment" columns="repeat(3, minmax(0, 1fr))">
          {environments.map((environment) => (
            <OptionCard
              key={environment}
              name="environment"
              label={environmentLabels[environment]}
              production={environment === 'production'}
              checked={values.environment === environment}
              onChoose={() => {
                setValues({ environment })
              }}
            >
              <EnvironmentMark environment={environment} />
              {environment === 'production' && (
                <span className={classes.locked}>deletion locked</span>
              )}
            </OptionCard>
          ))}
        </OptionGroup>
      </div>
      <div>
        <div className={classes.label}>Host</div>
        <HostChoice
          hosts={hosts}
          chosen={values.hostId}
          onChoose={(id) => {
            setValues({ hostId: id })
          }}
        />
        <FieldError
          error={
            errorOf('hostId') !== undefined && values.hostId === ''
              ? 'Choose a host that answers.'
              : errorOf('hostId')
          }
        />
      </div>
    </>
  )
}

function FieldError({ error }: { error: ReactNode }) {
  return error === undefined ? null : (
    <div className={classes.error} role="alert">
      {error}
    </div>
  )
}
