import { Button } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { createDatabaseSchema } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import type { Environment } from '../../../shared/names.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { enginesQuery } from '../engines/queries.ts'
import { hostsQuery } from '../hosts/queries.ts'
import { CreateFields } from './CreateFields.tsx'
import { CreatePlanPanel } from './CreatePlanPanel.tsx'
import { useCreateDatabase } from './mutations.ts'
import { planQuery } from './queries.ts'
import classes from './CreateDatabase.module.css'

/** What the form holds until it is parsed by the contract's own schema. */
export interface CreateValues {
  hostId: string
  engine: string
  name: string
  version: string
  environment: Environment
}

const fields: readonly string[] = ['hostId', 'engine', 'name', 'version', 'environment']

/** The form for a new database: everything but the name has a default. */
export function CreateDatabase({ hostId }: { hostId: HostId | null }) {
  const [, navigate] = useLocation()
  const engines = useQuery(enginesQuery)
  const hosts = useQuery(hostsQuery)
  const create = useCreateDatabase()
  const [error, setError] = useState<unknown>(null)
  const form = useForm<CreateValues>({
    initialValues: {
      hostId: hostId ?? '',
      engine: '',
      name: '',
      version: '',
      environment: 'development',
    },
    validate: schemaResolver(createDatabaseSchema, { sync: true }),
  })
  const { values, setValues } = form

  const firstEngine = engines.data?.[0]
  const firstHost = hosts.data?.find((host) => canCreateOn(host.status.state))
  useEffect(() => {
    if (values.engine === '' && firstEngine !== undefined) {
      setValues({ engine: firstEngine.id, version: firstEngine.versions[0]?.version ?? '' })
    }
    if (values.hostId === '' && firstHost !== undefined) setValues({ hostId: firstHost.id })
  }, [firstEngine, firstHost, setValues, values.engine, values.hostId])

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
    setError(null)
    create.mutate(createDatabaseSchema.parse(given), {
      onSuccess: ({ jobId }) => {
        navigate(`/databases/new/${jobId}`)
      },
      onError: (thrown) => {
        const { field } = wordsOfError(thrown)
        if (field !== undefined && fields.includes(field)) {
          form.setFieldError(field, sentenceOfError(thrown))
        } else setError(thrown)
      },
    })
  })
  useHotkeys([['mod+Enter', () => submit()]], [])

  const host = hosts.data?.find((each) => each.id === values.hostId)
  if (hosts.data?.length === 0) {
    return (
      <Page header={<PageHeader title="New database" back="/databases" />}>
        <EmptyState
          title="No host yet"
          action={
            <Button
              variant="filled"
              onClick={() => {
                navigate('/hosts/new')
              }}
            >
              Add host
            </Button>
          }
        >
          A database runs on a host: a server over SSH, or this computer. Add one first.
        </EmptyState>
      </Page>
    )
  }
  return (
    <Page
      header={<PageHeader title="New database" back="/databases" />}
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
          <div className={classes.bottom}>
            {error !== null && <ErrorBox error={error} />}
            <div className={classes.buttons} style={{ marginTop: 12 }}>
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
            </div>
          </div>
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

function isFormField(field: string | undefined): boolean {
  return field !== undefined && fields.includes(field)
}

/** True where a host answers, so that something can be made on it. */
export function canCreateOn(state: string): boolean {
  return state === 'ready' || state === 'degraded'
}
