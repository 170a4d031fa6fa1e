import { Select, type SelectProps } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { HostView } from '../../../../shared/contract/hosts.ts'
import { hostStateLabel } from '../../../lib/host-state.ts'
import { hostValue } from './restore-form.ts'

interface HostSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  hosts: readonly HostView[]
  /** Of the chosen one; empty where none is. */
  hostId: string
  onChoose: (hostId: string) => void
}

/** On which host a backup is restored, each with its state. */
export function HostSelect({ hosts, hostId, onChoose, ...field }: HostSelectProps) {
  return (
    <Select
      label="Host"
      rightSection={<IconChevronDown size={16} stroke={1.5} />}
      data={hosts.map((host) => ({
        value: host.id,
        label: `${host.name} (${hostStateLabel(host).toLowerCase()})`,
      }))}
      value={hostId === '' ? null : hostId}
      onChange={(id) => {
        onChoose(hostValue(id))
      }}
      {...field}
    />
  )
}
