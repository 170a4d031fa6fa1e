import { useState } from 'react'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { DataDirectoryField, dataDirectoryError, dataDirectoryOf } from './DataDirectoryField.tsx'
import { useUpdateHost } from './mutations.ts'

/** Asks where new databases of a host shall keep their data. */
export function ChangeDataDirectory({ host, onClose }: { host: HostView; onClose: () => void }) {
  const update = useUpdateHost()
  const [typed, setTyped] = useState(host.dataDirectory ?? '')
  const [marked, setMarked] = useState(false)
  const wrong = dataDirectoryError(typed)
  const save = () => {
    setMarked(true)
    if (wrong !== undefined || update.isPending) return
    update.mutate(
      { id: host.id, dataDirectory: dataDirectoryOf(typed) },
      {
        onSuccess: ({ dataDirectory }) => {
          showDone(`New databases on ${host.name} go to ${dataDirectory ?? 'Docker’s volumes'}`)
          onClose()
        },
      },
    )
  }
  return (
    <Confirm
      title={`Data of new databases on ${host.name}`}
      action="Save directory"
      pending={update.isPending}
      error={update.error}
      onClose={onClose}
      onConfirm={save}
      field={
        <DataDirectoryField
          data-autofocus
          value={typed}
          error={marked ? wrong : undefined}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save()
          }}
        />
      }
    >
      Databases that are there stay where they are. Leave it empty for Docker’s own volumes.
    </Confirm>
  )
}
