import { Button, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useState, type ReactNode } from 'react'
import type { DestinationKindInfo, DestinationView } from '../../../shared/contract/destinations.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { DestinationCheckSteps } from './DestinationCheckSteps.tsx'
import { DestinationFieldInput } from './DestinationFieldInput.tsx'
import { faultsOf, formField, partsOf, type DestinationValues } from './destination-form.ts'
import { useDestinationCheck } from './use-destination-check.ts'
import classes from './Destinations.module.css'

interface DestinationFormProps {
  kind: DestinationKindInfo
  form: DestinationValues
  onChange: (form: DestinationValues) => void
  /** The one that is changed; null for a new one. */
  kept: DestinationView | null
  /** Above the fields: the choice of a kind. */
  children?: ReactNode
  pending: boolean
  /** What the core said to the last try. */
  error: Error | null
  action: string
  onSubmit: () => void
}

/** Name, fields, the check, and the button that keeps it. */
export function DestinationForm(props: DestinationFormProps) {
  const { kind, form, onChange, kept, children, pending, error, action, onSubmit } = props
  const [faults, setFaults] = useState<Record<string, string>>({})
  const check = useDestinationCheck()
  const told = error ?? check.error
  const toldAt = told === null ? null : formField(wordsOfError(told).field, kind.fields)
  const errorOf = (field: string) =>
    faults[field] ?? (toldAt === field ? sentenceOfError(told) : undefined)

  const change = (field: string, next: DestinationValues) => {
    setFaults(Object.fromEntries(Object.entries(faults).filter(([key]) => key !== field)))
    if (field !== 'name') check.forget()
    onChange(next)
  }
  /** True once nothing is missing; the name counts only where it is kept. */
  const complete = (named: boolean) => {
    const found = faultsOf(form, kind, kept?.secrets)
    if (!named) delete found['name']
    setFaults(found)
    return Object.keys(found).length === 0
  }
  const submit = () => {
    if (!pending && complete(true)) onSubmit()
  }
  const tryIt = () => {
    if (!complete(false)) return
    const { config, secrets } = partsOf(form, kind)
    check.run(kept === null ? { kind: kind.id, config, secrets } : { id: kept.id, config, secrets })
  }
  useHotkeys([['mod+Enter', submit]], [])
  return (
    <form
      aria-label="Destination"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {children}
      <div className={classes.fields}>
        {kind.fields.map((field) => (
          <DestinationFieldInput
            key={field.key}
            field={field}
            value={form.values[field.key] ?? ''}
            kept={kept?.secrets.includes(field.key) ?? false}
            error={errorOf(`values.${field.key}`)}
            onChange={(value) => {
              const values = { ...form.values, [field.key]: value }
              change(`values.${field.key}`, { ...form, values })
            }}
          />
        ))}
        <TextInput
          className={classes.long ?? ''}
          label="Name"
          description="What it is called in Quayside."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          placeholder={kind.offSite ? 'off-site' : 'nearby'}
          autoComplete="off"
          spellCheck={false}
          value={form.name}
          error={errorOf('name')}
          onChange={(event) => {
            change('name', { ...form, name: event.currentTarget.value })
          }}
        />
      </div>
      {check.asked && check.error === null && (
        <section className={classes.check} aria-label="Check">
          <DestinationCheckSteps steps={check.steps} />
          {check.ok && (
            <p className={classes.checkOk} role="status">
              Everything a backup needs works there.
            </p>
          )}
        </section>
      )}
      {told !== null && toldAt === null && (
        <div className={classes.check}>
          <ErrorBox error={told} />
        </div>
      )}
      <div className={classes.bottom}>
        <span>
          {kind.fields.some(({ type }) => type === 'secret')
            ? 'Credentials go to the keychain and are never shown again.'
            : 'The check writes, reads, lists and deletes one small object.'}
        </span>
        <Button loading={check.pending} onClick={tryIt}>
          {check.asked ? 'Check again' : 'Check'}
        </Button>
        <Button type="submit" variant="filled" loading={pending}>
          {action}
        </Button>
      </div>
    </form>
  )
}
