import { Button, Switch, TextInput } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { DestinationView } from '../../../../shared/contract/destinations.ts'
import type { ScheduleId, ScheduleInput } from '../../../../shared/contract/schedules.ts'
import { sentenceOfError, wordsOfError } from '../../../lib/error-words.ts'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { showDone } from '../../../ui/toasts.tsx'
import { CodecSelect, DestinationChoice } from '../DestinationChoice.tsx'
import { EncryptField, useRecoveryKeyMissing } from '../recovery-key/EncryptField.tsx'
import { schedulePreviewQuery, useSaveSchedule } from './queries.ts'
import { RetentionFields } from './RetentionFields.tsx'
import { dryRunOf, faultsOf, wouldRemove } from './schedule-form.ts'
import { SchedulePreview } from './SchedulePreview.tsx'
import { ScopeFields } from './ScopeFields.tsx'
import { TestRestoreField } from './TestRestoreField.tsx'
import { TimeFields } from './TimeFields.tsx'
import classes from './Schedules.module.css'

const back = '/backups/schedules'

/** A schedule with its dry run beside it: when it would run, and what it would remove. */
export function ScheduleForm(props: {
  id: ScheduleId | null
  first: ScheduleInput
  destinations: readonly DestinationView[]
}) {
  const { id, first, destinations } = props
  const [, navigate] = useLocation()
  const [input, setInput] = useState(first)
  const [asked, setAsked] = useState(false)
  /** What was to be saved before it was seen that backups would go. */
  const [unseen, setUnseen] = useState<ScheduleInput | null>(null)
  const client = useQueryClient()
  const save = useSaveSchedule()
  const keyMissing = useRecoveryKeyMissing()
  const change = (part: Partial<ScheduleInput>) => {
    setInput({ ...input, ...part })
  }

  const [settled] = useDebouncedValue(input, 300)
  const preview = useQuery(schedulePreviewQuery(dryRunOf(settled, id)))
  const seen = preview.isSuccess && settled === input
  /** Typed just now, or it could not be counted: what would go is looked at before it is saved. */
  const look = useMutation({
    mutationFn: () => client.fetchQuery(schedulePreviewQuery(dryRunOf(input, id))),
  })
  const told = [save.error, preview.error].find((error) => error !== null)
  const toldWords = told === undefined ? null : wordsOfError(told)
  const faults = faultsOf(input)
  const errorOf = (field: string) =>
    (asked ? faults[field] : undefined) ??
    (toldWords?.field?.replace(/^change\./, '') === field ? sentenceOfError(told) : undefined)
  const placed = ['name', 'cron', 'timeZone'].some((field) => errorOf(field) !== undefined)

  const pending = look.isPending || save.isPending
  const store = () => {
    save.mutate(
      { id, input: { ...input, name: input.name.trim() } },
      {
        onSuccess: () => {
          navigate(back)
          showDone(`${input.name.trim()} is saved`)
        },
      },
    )
  }
  const submit = () => {
    setAsked(true)
    if (pending || Object.keys(faults).length > 0 || (input.encrypt && keyMissing)) return
    if (seen) {
      store()
      return
    }
    look.mutate(undefined, {
      onSuccess: (found) => {
        if (found === null || wouldRemove(found)) setUnseen(input)
        else store()
      },
    })
  }
  useHotkeys([['mod+Enter', submit]], [])
  return (
    <Page
      railWidth={320}
      railTinted
      header={<PageHeader title={id === null ? 'New schedule' : first.name} back={back} />}
      rail={
        <>
          <SchedulePreview
            preview={preview.data ?? undefined}
            waiting={preview.isFetching}
            destinations={destinations}
          />
          <div className={classes.bottom}>
            {told !== undefined && !placed && <ErrorBox error={told} />}
            {unseen === input && (
              <p className={classes.quiet} role="status">
                Backups would go: look at them above, then save again.
              </p>
            )}
            <div className={classes.buttons}>
              <Button
                onClick={() => {
                  navigate(back)
                }}
              >
                Cancel
              </Button>
              <Button
                type="submit"
                form="schedule"
                variant="filled"
                loading={pending}
                disabled={destinations.length === 0}
              >
                {id === null ? 'Add schedule' : 'Save changes'}
              </Button>
            </div>
          </div>
        </>
      }
    >
      <form
        id="schedule"
        aria-label="Schedule"
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextInput
          label="Name"
          placeholder="nightly"
          autoComplete="off"
          autoFocus={id === null}
          value={input.name}
          error={errorOf('name')}
          onChange={(event) => {
            change({ name: event.currentTarget.value })
          }}
        />
        <ScopeFields
          scope={input.scope}
          onChange={(scope) => {
            change({ scope })
          }}
        />
        <TimeFields
          input={input}
          cronError={errorOf('cron')}
          zoneError={errorOf('timeZone')}
          onChange={change}
        />
        <div>
          {destinations.length === 0 ? (
            <p className={classes.quiet}>
              There is no destination yet. <Link href="/backups/destinations/new">Add one</Link>{' '}
              first.
            </p>
          ) : (
            <DestinationChoice
              destinations={destinations}
              chosen={input.destinationIds}
              onChange={(destinationIds) => {
                change({ destinationIds })
              }}
            />
          )}
          <CodecSelect
            codec={input.codec}
            onChange={(codec) => {
              change({ codec })
            }}
          />
          <EncryptField
            checked={input.encrypt}
            onChange={(encrypt) => {
              change({ encrypt })
            }}
          />
        </div>
        <RetentionFields
          retention={input.retention}
          errorOf={(line) => faults[`retention.${line}`]}
          onChange={(retention) => {
            change({ retention })
          }}
        />
        <TestRestoreField
          value={input.testRestore}
          onChange={(testRestore) => {
            change({ testRestore })
          }}
        />
        <Switch
          label="On"
          description="Off, it stays here and runs only when it is told to."
          checked={input.enabled}
          onChange={(event) => {
            change({ enabled: event.currentTarget.checked })
          }}
        />
      </form>
    </Page>
  )
}
