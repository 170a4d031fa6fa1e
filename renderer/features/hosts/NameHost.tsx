import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useHotkeys } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { contract, type MethodInput } from '../../../shared/contract/index.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import { Disclosure } from '../../ui/Disclosure.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { databasesQuery } from '../databases/queries.ts'
import { DataDirectoryField, dataDirectoryError, dataDirectoryOf } from './DataDirectoryField.tsx'
import { suggestedHostName } from './host-form.ts'
import { useAddHost } from './mutations.ts'
import { hostsQuery } from './queries.ts'
import classes from './HostCheckScreen.module.css'

const { name: nameSchema } = contract['hosts.add'].input.shape

/** The last step: what the host is called, and the domain its databases get addresses under. */
export function NameHost({
  request,
}: {
  request: Omit<MethodInput<'hosts.add'>, 'name' | 'baseDomain' | 'dataDirectory'>
}) {
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const hasDatabases = (useQuery(databasesQuery).data?.length ?? 0) > 0
  const add = useAddHost()
  const [error, setError] = useState<unknown>(null)
  const form = useForm({
    initialValues: {
      name: suggestedHostName(request.connection),
      baseDomain: '',
      dataDirectory: '',
    },
    validate: {
      name: (name) => nameSchema.safeParse(name).error?.issues[0]?.message,
      dataDirectory: dataDirectoryError,
    },
  })
  const submit = form.onSubmit(({ name, baseDomain, dataDirectory }) => {
    // A key is heard while it is under way too.
    if (add.isPending) return
    setError(null)
    const domain = baseDomain.trim()
    add.mutate(
      {
        ...request,
        name,
        baseDomain: domain === '' ? null : domain,
        dataDirectory: dataDirectoryOf(dataDirectory),
      },
      {
        onSuccess: (host) => {
          queries.setQueryData(hostsQuery.queryKey, (before) => [
            ...(before ?? []).filter((each) => each.id !== host.id),
            host,
          ])
          navigate(hasDatabases ? `/hosts/${host.id}` : `/databases/new/on/${host.id}`)
        },
        onError: (thrown) => {
          const data = wordsOfError(thrown)
          if (data.field === 'name' || data.code === 'name_taken')
            form.setFieldError('name', sentenceOfError(thrown))
          else if (data.field === 'baseDomain')
            form.setFieldError('baseDomain', sentenceOfError(thrown))
          else setError(thrown)
        },
      },
    )
  })
  useHotkeys([['mod+Enter', () => submit()]], [])
  return (
    <form className={classes.named} onSubmit={submit} noValidate aria-label="Name of the host">
      <h2 className={classes.namedTitle}>Everything is there. What is it called?</h2>
      <div className={classes.name}>
        <TextInput
          label="Name"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Base domain (optional)"
          placeholder="example.com"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('baseDomain')}
        />
        <Button type="submit" variant="filled" loading={add.isPending}>
          Add host
        </Button>
      </div>
      <div className={classes.after}>
        <Disclosure title="Advanced">
          <DataDirectoryField {...form.getInputProps('dataDirectory')} />
        </Disclosure>
      </div>
      {error !== null && (
        <div className={classes.after}>
          <ErrorBox error={error} />
        </div>
      )}
    </form>
  )
}
