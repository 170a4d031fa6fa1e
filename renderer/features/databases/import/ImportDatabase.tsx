import { Button } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { createDatabaseSchema } from '../../../../shared/contract/databases.ts'
import { importFileSchema } from '../../../../shared/contract/transfers.ts'
import { sentenceOfError, wordsOfError } from '../../../lib/error-words.ts'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { PathInput } from '../../../ui/PathInput.tsx'
import { RailEnd } from '../../../ui/RailEnd.tsx'
import { CreateFields } from '../CreateFields.tsx'
import { NoHostYet } from '../NoHostYet.tsx'
import { isFormField, useCreateForm } from '../use-create-form.ts'
import { ImportPlanPanel } from './ImportPlanPanel.tsx'
import { filePlanQuery, useImportFile } from './queries.ts'
import classes from './Import.module.css'

/** A new database of a dump or of statements: the file, the database it becomes, the exact plan. */
export function ImportDatabase() {
  const [, navigate] = useLocation()
  const { form, engines, hosts } = useCreateForm(null)
  const [path, setPath] = useState('')
  const start = useImportFile()
  const { values } = form

  const [settled] = useDebouncedValue({ ...values, path: path.trim() }, 250)
  const request = importFileSchema.safeParse(settled)
  const plan = useQuery(filePlanQuery(request.success ? request.data : null))
  const planError = plan.isError ? wordsOfError(plan.error) : null
  const startError = start.isError ? wordsOfError(start.error) : null
  const atPath = [startError, planError].find((error) => error?.field === 'path')
  const placed = (error: typeof planError) =>
    error === null || error.field === 'path' || isFormField(error.field)

  const given = importFileSchema.safeParse({ ...values, path: path.trim() })
  const ready = given.success && plan.isSuccess && !plan.isFetching
  const submit = () => {
    if (!createDatabaseSchema.safeParse(values).success) form.validate()
    if (!ready || start.isPending) return
    start.mutate(given.data, {
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
            plan={plan.data ?? undefined}
            waiting={plan.isFetching}
            error={placed(planError) ? null : planError}
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
              disabled={!ready}
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
        <PathInput
          label="File"
          description="A dump in custom format or SQL statements, as they are or compressed by gzip, zstd or lz4."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          placeholder="/home/me/old-shop.sql.gz"
          choice={{ what: 'file' }}
          value={path}
          error={atPath === null || atPath === undefined ? undefined : sentenceOfError(atPath)}
          onChange={(chosen) => {
            start.reset()
            setPath(chosen)
          }}
        />
        <CreateFields
          form={form}
          engines={engines.data ?? []}
          hosts={hosts.data ?? []}
          freeOn={ready ? host?.name : undefined}
          planError={planError}
        />
      </form>
    </Page>
  )
}
