import { Button } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useHotkeys } from '@mantine/hooks'
import { IconArrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ErrorData } from '../../../shared/errors.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import type { HostFormValues } from './host-form.ts'
import { HostWays } from './HostWays.tsx'
import { LocalFields, SshConfigFields, SshFields } from './HostFields.tsx'
import { hostSuggestionsQuery } from './queries.ts'
import classes from './HostForm.module.css'

interface HostFormProps {
  form: UseFormReturnType<HostFormValues>
  /** On the very first run the form is the whole window. */
  first: boolean
  error: ErrorData | null
  onSubmit: () => void
  onBack: () => void
}

const promises: Readonly<Record<HostFormValues['way'], string>> = {
  ssh: 'First the server shows its key. Nothing is sent before you accept it.',
  'ssh-config': 'Address, user, key and jump hosts are taken from your SSH config.',
  local: 'Docker is reached by its socket. No SSH is involved.',
}

/** How to reach a host, in one of three ways. */
export function HostForm({ form, first, error, onSubmit, onBack }: HostFormProps) {
  const suggestions = useQuery(hostSuggestionsQuery).data
  const { way } = form.values
  const submit = form.onSubmit(onSubmit)
  useHotkeys([['mod+Enter', () => submit()]], [])
  return (
    <Page header={first ? undefined : <PageHeader title="Add host" back={onBack} />}>
      <div className={`${classes.column} ${first ? classes.first : ''}`}>
        {first && (
          <>
            <h1 className={classes.welcome}>Where do your databases run?</h1>
            <p className={classes.lead}>
              A machine with SSH and Docker is enough. Quayside installs nothing on it.
            </p>
          </>
        )}
        <HostWays form={form} suggestions={suggestions} />
        <form className={classes.panel} onSubmit={submit} noValidate aria-label="Host">
          {way === 'ssh' && <SshFields form={form} suggestions={suggestions} />}
          {way === 'ssh-config' && <SshConfigFields form={form} suggestions={suggestions} />}
          {way === 'local' && <LocalFields form={form} suggestions={suggestions} />}
          {error !== null && (
            <div className={classes.error}>
              <ErrorBox error={error} />
            </div>
          )}
          <div className={classes.bottom}>
            <span>{promises[way]}</span>
            <Button type="submit" variant="filled" rightSection={<IconArrowRight stroke={1.5} />}>
              Connect
            </Button>
          </div>
        </form>
      </div>
    </Page>
  )
}
