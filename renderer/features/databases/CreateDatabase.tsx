import { Button } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { createDatabaseSchema } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { RailEnd } from '../../ui/RailEnd.tsx'
import { CreateFields } from './CreateFields.tsx'
import { CreatePlanPanel } from './CreatePlanPanel.tsx'
import { NoHostYet } from './NoHostYet.tsx'
import { isFormField, useCreateForm } from './use-create-form.ts'
import { useCreateDatabase } from './mutations.ts'
import { planQuery } from './queries.ts'
import classes from './CreateDatabase.module.css'

/** The form for a new database: everything but the name has a default. */
export function CreateDatabase({ hostId }: { hostId: HostId | null }) {
  const [, navigate] = useLocation()
  const { form, engines, hosts } = useCreateForm(hostId)
  const create = useCreateDatabase()
  const [error, setError] = useState<unknown>(null)
  const { values } = form

  const [settled] = useDebouncedValue(values, 250)
  const parsed = createDatabaseSchema.safeParse(settled)
  const plan = useQuery({
    ...planQuery(parsed.success ? parsed.data : neverAsked),
    enabled: parsed.success,
  })
  const upToDate = settled === values && parsed.success
  const planError = upToDate && plan.isError ? wordsOfError(plan.error) : null
  const planField = planError?.field

  const submit = form.onSubmit((given) => {
    // A key is heard while it is under way too.
    if (create.isPending) return
    setError(null)
    create.mutate(createDatabaseSchema.parse(given), {
      onSuccess: ({ jobId }) => {
        navigate(`/databases/new/${jobId}`)
      },
      onError: (thrown) => {
        const { field } = wordsOfError(thrown)
        if (isFormField(field)) {
          form.setFieldError(field, sentenceOfError(thrown))
        } else setError(thrown)
      },
    })
  })
  useHotkeys([['mod+Enter', () => submit()]], [])

  const host = hosts.data?.find((each) => each.id === values.hostId)
  if (hosts.data?.length === 0) return <NoHostYet title="New database" />
  return (
    <Page
      header={
        <PageHeader
          title="New database"
          back="/databases"
          actions={
            <Button
              leftSection={<IconFileImport stroke={1.5} />}
              onClick={() => {
                navigate('/databases/import')
              }}
            >
              Import a database
            </Button>
          }
        />
      }
      railWidth={328}
      railTinted
      rail={
        <>
          <CreatePlanPanel
            plan={upToDate && plan.isSuccess ? plan.data : undefined}
            marked={planError !== null || Object.keys(form.errors).length > 0}
            waiting={parsed.success && plan.isFetching}
            error={planError !== null && !isFormField(planField) ? planError : null}
            hostName={host?.name}
            production={values.environment === 'production'}
          />
          <RailEnd error={error}>
            <Button
              onClick={() => {
                navigate('/databases')
              }}
            >
              Cancel
            </Button>
            <Button
              variant="filled"
              type="submit"
              form="create-database"
              loading={create.isPending}
              rightSection={<Kbd keys="mod+Enter" plain />}
            >
              Create database
            </Button>
          </RailEnd>
        </>
      }
    >
      <form id="create-database" className={classes.form} onSubmit={submit} noValidate>
        {engines.isError && <ErrorBox error={engines.error} />}
        {hosts.isError && <ErrorBox error={hosts.error} />}
        <CreateFields
          form={form}
          engines={engines.data ?? []}
          hosts={hosts.data ?? []}
          freeOn={upToDate && plan.isSuccess ? host?.name : undefined}
          planError={planError}
        />
      </form>
    </Page>
  )
}

/** Never sent: the query with it is switched off. */
const neverAsked = createDatabaseSchema.parse({
  hostId: '00000000-0000-4000-8000-000000000000',
  engine: 'none',
  name: 'none',
  version: 'none',
  environment: 'development',
})
