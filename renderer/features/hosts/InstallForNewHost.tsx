import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { contract } from '../../../shared/contract/index.ts'
import type { DockerInstallPlan, HostRequest } from '../../../shared/contract/hosts.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import { suggestedHostName } from './host-form.ts'
import { InstallPlan } from './InstallPlan.tsx'
import { useAddHost, useInstallDocker, usePlanDockerInstall } from './mutations.ts'
import { hostsQuery } from './queries.ts'
import classes from './InstallDocker.module.css'

const { name: nameSchema } = contract['hosts.add'].input.shape

/**
 * The plan for a host that is being added. It is kept before Docker is there, so that its secret lies
 * in the keychain and the installation survives whatever happens to this window.
 */
export function InstallForNewHost(props: { request: HostRequest; onBack: () => void }) {
  const { request, onBack } = props
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const plan = usePlanDockerInstall()
  const add = useAddHost()
  const install = useInstallDocker()
  const [error, setError] = useState<Error | null>(null)
  const form = useForm({
    initialValues: { name: suggestedHostName(request.connection) },
    validate: { name: (name) => nameSchema.safeParse(name).error?.issues[0]?.message },
  })
  const { mutate } = plan
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    mutate(request)
  }, [mutate, request])

  const begin = async ({ key }: DockerInstallPlan, name: string) => {
    setError(null)
    try {
      const host = await add.mutateAsync({ ...request, name, withoutDocker: true })
      queries.setQueryData(hostsQuery.queryKey, (before) => [
        ...(before ?? []).filter((each) => each.id !== host.id),
        host,
      ])
      // From here on the host is there, and its own page tells how it goes on.
      await install.mutateAsync({ id: host.id, key }).catch(() => undefined)
      navigate(`/hosts/${host.id}/diagnosis`)
    } catch (thrown) {
      const { field, code } = wordsOfError(thrown)
      if (field === 'name' || code === 'name_taken')
        form.setFieldError('name', sentenceOfError(thrown))
      else setError(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }
  return (
    <InstallPlan
      plan={plan.data}
      error={plan.error ?? error}
      pending={add.isPending || install.isPending}
      action="Add host and install Docker"
      onInstall={(shown) => {
        form.onSubmit(({ name }) => void begin(shown, name))()
      }}
      onAgain={() => {
        plan.mutate(request)
      }}
      onBack={onBack}
    >
      <TextInput
        className={classes.name ?? ''}
        label="Name of the host"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('name')}
      />
    </InstallPlan>
  )
}
