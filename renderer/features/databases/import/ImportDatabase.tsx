import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { createDatabaseSchema } from '../../../../shared/contract/databases.ts'
import type { ErrorData } from '../../../../shared/errors.ts'
import { sentenceOfError, wordsOfError } from '../../../lib/error-words.ts'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { RailEnd } from '../../../ui/RailEnd.tsx'
import { CreateFields } from '../CreateFields.tsx'
import { NoHostYet } from '../NoHostYet.tsx'
import { isFormField, useCreateForm } from '../use-create-form.ts'
import { ImportPlanPanel } from './ImportPlanPanel.tsx'
import { useStartImport } from './queries.ts'
import { SourceFields } from './SourceFields.tsx'
import { useImportPlan, type ImportSource } from './use-import-plan.ts'
import classes from './Import.module.css'

/** A new database of a file or of a server elsewhere: what it becomes, and the exact plan. */
export function ImportDatabase() {
  const [, navigate] = useLocation()
  const { form, engines, hosts } = useCreateForm(null)
  const [source, setSource] = useState<ImportSource>({ kind: 'file', path: '' })
  const start = useStartImport()
  const { values } = form

  const { plan, waiting, error: planError, request, look } = useImportPlan(source, values)
  const startError = start.isError ? wordsOfError(start.error) : null
  const atSource = [startError, planError].find((error) => isSourceField(error?.field)) ?? null
  const placed = (error: typeof planError) =>
    error === null || isSourceField(error.field) || isFormField(error.field)
  // What has a technical cause is told whole where there is room for it; the field then says what it is.
  const atLength = isSourceField(planError?.field) && planError?.detail !== undefined
  const submit = () => {
    if (!createDatabaseSchema.safeParse(values).success) form.validate()
    if (request === null || start.isPending) return
    start.mutate(request, {
      onSuccess: ({ jobId }) => {
        navigate(`/databases/new/${jobId}`)
      },
      onError: (thrown) => {
        const { field } = wordsOfError(thrown)
        if (isFormField(field)) form.setFieldError(field, sentenceOfError(thrown))
      },
    })
  }
  useHotkeys([['mod+Enter', submit]], [])
  if (hosts.data?.length === 0) return <NoHostYet title="Import a database" />
  const host = hosts.data?.find((each) => each.id === values.hostId)
  return (
    <Page
      header={<PageHeader title="Import a database" back="/databases" />}
      railWidth={360}
      railTinted
      rail={
        <>
          <ImportPlanPanel
            plan={plan}
            waiting={waiting}
            looking={
              source.kind === 'file'
                ? 'Looking at the file and at the host…'
                : 'Logging in there from the host, and looking at what there is…'
            }
            hint={
              source.kind === 'file'
                ? 'Fill in what is missing, and this says what is done.'
                : 'Fill in what is missing and look at the server, and this says what would be imported and how.'
            }
            error={placed(planError) && !atLength ? null : planError}
          />
          <RailEnd error={placed(startError) ? null : startError}>
            <Button
              onClick={() => {
                navigate('/databases')
              }}
            >
              Cancel
            </Button>
            <Button
              type="submit"
              form="import-database"
              variant="filled"
              disabled={request === null}
              loading={start.isPending}
            >
              Import into new database
            </Button>
          </RailEnd>
        </>
      }
    >
      <form
        id="import-database"
        aria-label="Import"
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {engines.isError && <ErrorBox error={engines.error} />}
        {hosts.isError && <ErrorBox error={hosts.error} />}
        <SourceFields
          source={source}
          onChange={(next) => {
            start.reset()
            setSource(next)
          }}
          error={atSource === null ? undefined : shortly(atSource)}
          onLook={look}
          looking={waiting}
        />
        <CreateFields
          form={form}
          engines={engines.data ?? []}
          hosts={hosts.data ?? []}
          freeOn={plan === undefined ? undefined : host?.name}
          planError={planError}
        />
      </form>
    </Page>
  )
}

function shortly(error: ErrorData): string {
  return error.detail === undefined ? sentenceOfError(error) : error.message
}

function isSourceField(field: string | undefined): boolean {
  return field === 'path' || field === 'connectionString'
}
