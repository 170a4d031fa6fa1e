import { useLocation } from 'wouter'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { plural } from '../../lib/format.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { useRemoveHost } from './mutations.ts'

/** Forgets a host; nothing on it changes. */
export function RemoveHost({ host, onClose }: { host: HostView; onClose: () => void }) {
  const [, navigate] = useLocation()
  const remove = useRemoveHost()
  return (
    <Confirm
      title={`Remove ${host.name}`}
      action="Remove host"
      pending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate(
          { id: host.id },
          {
            onSuccess: () => {
              navigate('/hosts')
              showDone(`${host.name} is removed from Quayside`)
            },
          },
        )
      }}
    >
      {host.databases > 0
        ? `Quayside manages ${plural(host.databases, 'database')} there. Delete and purge them first; a host with databases can’t be removed.`
        : 'Quayside forgets how to reach it. Nothing on the host changes, and it can be added again.'}
    </Confirm>
  )
}
