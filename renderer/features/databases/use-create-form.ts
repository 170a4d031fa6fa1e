import { schemaResolver, useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { createDatabaseSchema } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type { Environment } from '../../../shared/names.ts'
import { enginesQuery } from '../engines/queries.ts'
import { hostsQuery } from '../hosts/queries.ts'

/** What the form holds until it is parsed by the contract's own schema. */
export interface CreateValues {
  hostId: string
  engine: string
  name: string
  version: string
  environment: Environment
}

const fields: readonly string[] = ['hostId', 'engine', 'name', 'version', 'environment']

/** True for a field of this form, as an error of the core names it. */
export function isFormField(field: string | undefined): field is keyof CreateValues {
  return field !== undefined && fields.includes(field)
}

/** The form for a new database, with the first engine and the first host that answers in place. */
export function useCreateForm(hostId: HostId | null) {
  const engines = useQuery(enginesQuery)
  const hosts = useQuery(hostsQuery)
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
  return { form, engines, hosts }
}

/** True where a host answers, so that something can be made on it. */
export function canCreateOn(state: string): boolean {
  return state === 'ready' || state === 'degraded'
}
