import { Autocomplete, NumberInput, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconChevronDown } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { MethodOutput } from '../../../shared/contract/index.ts'
import { plural } from '../../lib/format.ts'
import { OptionCard, OptionGroup } from '../../ui/OptionCard.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import type { HostFormValues } from './host-form.ts'
import classes from './HostForm.module.css'

interface FieldsProps {
  form: UseFormReturnType<HostFormValues>
  suggestions: MethodOutput<'hosts.suggestions'> | undefined
}

const plain = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const

const focusable = ['address', 'user', 'port', 'path'] as const

/** Address, user, port and login of a server. */
export function SshFields({ form, suggestions }: FieldsProps) {
  const firstKey = suggestions?.keyFiles[0]
  const { login, path } = form.values
  const untouched = !form.isTouched('login')
  // Whoever comes back to mend something begins there.
  const begin = focusable.find((field) => form.errors[field] !== undefined) ?? 'address'
  const noAgent = suggestions !== undefined && suggestions.agent === null
  useEffect(() => {
    if (path === '' && firstKey !== undefined && !form.isTouched('path')) {
      form.setValues({ path: firstKey })
    }
    // Where no agent runs, its card would be a dead end as the first choice.
    if (noAgent && untouched && login === 'agent') {
      form.setValues({ login: firstKey === undefined ? 'password' : 'key' })
    }
  }, [firstKey, form, login, noAgent, path, untouched])
  return (
    <>
      <div className={classes.where}>
        <TextInput
          label="Address"
          autoFocus={begin === 'address'}
          {...plain}
          {...form.getInputProps('address')}
        />
        <TextInput
          label="User"
          autoFocus={begin === 'user'}
          {...plain}
          {...form.getInputProps('user')}
        />
        <NumberInput
          label="Port"
          autoFocus={begin === 'port'}
          hideControls
          allowDecimal={false}
          {...form.getInputProps('port')}
        />
      </div>
      <LoginCards form={form} suggestions={suggestions} />
      {login === 'key' && (
        <div className={classes.fields}>
          <Autocomplete
            label="Key file"
            autoFocus={begin === 'path'}
            data={suggestions?.keyFiles ?? []}
            {...plain}
            {...form.getInputProps('path')}
          />
          {(form.errors.secret !== undefined || form.values.secret !== '') && (
            <PasswordField label="Passphrase" {...form.getInputProps('secret')} />
          )}
        </div>
      )}
      {login === 'password' && (
        <div className={classes.fields}>
          <PasswordField label="Password" {...form.getInputProps('secret')} />
        </div>
      )}
    </>
  )
}

function LoginCards({ form, suggestions }: FieldsProps) {
  const agent = suggestions?.agent
  const options = [
    {
      value: 'agent',
      title: 'SSH agent',
      fact:
        agent === undefined
          ? '…'
          : agent === null
            ? 'none runs here'
            : `${plural(agent.keys, 'key')} loaded`,
    },
    { value: 'key', title: 'Key file', fact: suggestions?.keyFiles[0] ?? 'a private key' },
    { value: 'password', title: 'Password', fact: 'kept in the keychain' },
  ] as const
  return (
    <div className={classes.group}>
      <div className={classes.groupLabel}>Login</div>
      <OptionGroup label="Login" columns="repeat(3, minmax(0, 1fr))">
        {options.map(({ value, title, fact }) => (
          <OptionCard
            key={value}
            name="login"
            label={title}
            tall
            checked={form.values.login === value}
            onChoose={() => {
              form.setFieldValue('login', value)
              form.setTouched({ login: true })
              form.clearFieldError('secret')
            }}
          >
            <span className={classes.optionText}>
              <span className={classes.optionTitle}>{title}</span>
              <span className={classes.optionFact}>{fact}</span>
            </span>
          </OptionCard>
        ))}
      </OptionGroup>
      {form.errors.login !== undefined && (
        <div className={classes.fieldError} role="alert">
          {form.errors.login}
        </div>
      )}
    </div>
  )
}

/** A name from the user's own ssh config. */
export function SshConfigFields({ form, suggestions }: FieldsProps) {
  const names = suggestions?.sshConfig ?? []
  return (
    <Select
      label="Name"
      rightSection={<IconChevronDown size={16} stroke={1.5} />}
      placeholder={names.length === 0 ? 'No names in ~/.ssh/config' : 'Choose a name'}
      searchable
      nothingFoundMessage="No such name in ~/.ssh/config"
      data={names.map(({ alias, address, user }) => ({
        value: alias,
        label: `${alias}  (${user === '' ? '' : `${user}@`}${address})`,
      }))}
      {...form.getInputProps('alias')}
      value={form.values.alias === '' ? null : form.values.alias}
    />
  )
}

/** Docker's socket on this computer. */
export function LocalFields({ form, suggestions }: FieldsProps) {
  const found = suggestions?.local?.socketPath
  const { socketPath } = form.values
  useEffect(() => {
    if (socketPath === '' && !form.isTouched('socketPath')) {
      form.setValues({ socketPath: found ?? '/var/run/docker.sock' })
    }
  }, [form, found, socketPath])
  return <TextInput label="Docker socket" {...plain} {...form.getInputProps('socketPath')} />
}
