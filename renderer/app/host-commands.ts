import { IconNetwork, IconPlus, IconRefresh, IconStethoscope, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { useReconnectHost } from '../features/hosts/mutations.ts'
import { hostsQuery } from '../features/hosts/queries.ts'
import { hostStateLabel } from '../lib/host-state.ts'
import type { Command } from '../lib/commands.ts'

/** What can be done with each host, to be found by its name and by what it is called. */
export function useHostCommands(): Command[] {
  const hosts = useQuery(hostsQuery).data ?? []
  const [, navigate] = useLocation()
  const reconnect = useReconnectHost()
  return hosts.flatMap((host) => {
    const { id, name } = host
    const command = (which: string, label: string, icon: Icon, run: () => void): Command => ({
      id: `${which}-${id}`,
      label,
      fact: hostStateLabel(host),
      icon,
      onlyFound: true,
      run,
    })
    const go = (path: string) => () => {
      navigate(path)
    }
    return [
      command('why', `Find out why: ${name}`, IconStethoscope, go(`/hosts/${id}/diagnosis`)),
      command('reconnect', `Connect ${name} anew`, IconRefresh, () => {
        reconnect.mutate({ id })
      }),
      command('ports', `Show ports of ${name}`, IconNetwork, go(`/hosts/${id}`)),
      command('new-on', `New database on ${name}`, IconPlus, go(`/databases/new/on/${id}`)),
    ]
  })
}
