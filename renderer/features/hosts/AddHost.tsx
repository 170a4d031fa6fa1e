import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { HostConnection } from '../../../shared/contract/hosts.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import { HostForm } from './HostForm.tsx'
import { HostCheckScreen } from './HostCheckScreen.tsx'
import { emptyHostForm, hostFormField, readHostForm, type HostFormValues } from './host-form.ts'
import { hostsQuery } from './queries.ts'

/** Adding a host: how to reach it, then the check, then its name. */
export function AddHost() {
  const [, navigate] = useLocation()
  const first = useQuery(hostsQuery).data?.length === 0
  const [request, setRequest] = useState<{ connection: HostConnection; secret?: string } | null>(
    null,
  )
  const [error, setError] = useState<ErrorData | null>(null)
  const form = useForm<HostFormValues>({
    initialValues: emptyHostForm,
    validate: (values) => {
      const read = readHostForm(values)
      return read.ok ? {} : read.errors
    },
  })

  const start = () => {
    setError(null)
    const read = readHostForm(form.getValues())
    if (!read.ok) return
    setRequest({
      connection: read.connection,
      ...(read.secret !== undefined && { secret: read.secret }),
    })
  }

  /** Back to the form; an error that belongs to a field stands beside it. */
  const backToForm = (thrown?: unknown) => {
    setRequest(null)
    if (thrown === undefined) return
    const data = wordsOfError(thrown)
    const field = hostFormField(data.field)
    if (field === undefined) setError(data)
    else form.setFieldError(field, sentenceOfError(data))
  }

  if (request !== null) {
    return <HostCheckScreen request={request} onBack={backToForm} />
  }
  return (
    <HostForm
      form={form}
      first={first}
      error={error}
      onSubmit={start}
      onBack={() => {
        navigate('/hosts')
      }}
    />
  )
}
