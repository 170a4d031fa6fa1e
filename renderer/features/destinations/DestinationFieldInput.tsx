import { Select, Textarea, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { DestinationField } from '../../../shared/contract/destinations.ts'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { PathInput } from '../../ui/PathInput.tsx'
import { hostsQuery } from '../hosts/queries.ts'
import classes from './Destinations.module.css'

interface FieldInputProps {
  field: DestinationField
  value: string
  /** True for a secret that the keychain has: empty then means that it stays. */
  kept: boolean
  error: string | undefined
  onChange: (value: string) => void
}

/** Characters of a hint that want the whole width. */
const longHint = 60

const plain = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const

/** One field of a destination, drawn from what its kind says of it. */
export function DestinationFieldInput({ field, value, kept, error, onChange }: FieldInputProps) {
  const { label, type, required, hint, example, multiline, options } = field
  const placeholder = kept ? 'Kept in the keychain' : example
  const long = multiline || type === 'folder' || (hint !== null && hint.length > longHint)
  const common = {
    ...(long && { className: classes.long }),
    label: required ? label : `${label} (optional)`,
    inputWrapperOrder: ['label', 'input', 'error', 'description'] as (
      'label' | 'input' | 'error' | 'description'
    )[],
    ...(hint !== null && { description: hint }),
    ...(placeholder !== null && { placeholder }),
    ...(error !== undefined && { error }),
  }
  if (type === 'host') return <HostSelect {...common} value={value} onChange={onChange} />
  if (type === 'select') {
    return (
      <Select
        {...common}
        rightSection={<IconChevronDown size={16} stroke={1.5} />}
        data={options}
        value={value === '' ? null : value}
        onChange={(chosen) => {
          onChange(chosen ?? '')
        }}
      />
    )
  }
  if (type === 'folder') {
    return <PathInput {...common} choice={{ what: 'folder' }} value={value} onChange={onChange} />
  }
  const typed = {
    ...common,
    ...plain,
    value,
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange(event.currentTarget.value)
    },
  }
  if (multiline) return <Textarea {...typed} autosize minRows={4} maxRows={8} />
  return type === 'secret' ? <PasswordField {...typed} /> : <TextInput {...typed} />
}

function HostSelect({
  value,
  onChange,
  ...common
}: {
  label: string
  description?: string
  error?: string
  value: string
  onChange: (value: string) => void
}) {
  const hosts = useQuery(hostsQuery).data ?? []
  return (
    <Select
      {...common}
      placeholder={hosts.length === 0 ? 'No hosts yet' : 'Choose a host'}
      rightSection={<IconChevronDown size={16} stroke={1.5} />}
      data={hosts.map(({ id, name }) => ({ value: id, label: name }))}
      value={value === '' ? null : value}
      onChange={(chosen) => {
        onChange(chosen ?? '')
      }}
    />
  )
}
