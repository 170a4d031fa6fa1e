import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { useStats } from '../../lib/live-stats.ts'
import { useStatsAge } from '../../lib/stats-age.ts'
import { Confirm, ConfirmByName } from '../../ui/Confirm.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { latestStats } from './latest-stats.ts'
import {
  useDatabaseAct,
  useDeleteDatabase,
  usePurgeDatabase,
  useSetProtection,
} from './mutations.ts'

export type DatabaseDialog = 'stop' | 'restart' | 'delete' | 'purge'

interface DialogProps {
  database: DatabaseView
  onClose: () => void
}

/** The question that is open about a database, if one is. */
export function DatabaseDialogs({
  database,
  dialog,
  onClose,
}: DialogProps & { dialog: DatabaseDialog | null }) {
  switch (dialog) {
    case null:
      return null
    case 'stop':
    case 'restart':
      return <AskBeforeAct database={database} act={dialog} onClose={onClose} />
    case 'delete':
      return database.protected ? (
        <ProtectedDialog database={database} onClose={onClose} />
      ) : (
        <DeleteDialog database={database} onClose={onClose} />
      )
    case 'purge':
      return <PurgeDialog database={database} onClose={onClose} />
  }
}

function frameOf(database: DatabaseView) {
  return {
    mark: <EnvironmentMark environment={database.environment} />,
    production: database.environment === 'production',
  }
}

function AskBeforeAct({ database, act, onClose }: DialogProps & { act: 'stop' | 'restart' }) {
  const run = useDatabaseAct()
  const verb = act === 'stop' ? 'Stop' : 'Restart'
  return (
    <Confirm
      {...frameOf(database)}
      title={`${verb} ${database.name}`}
      action={`${verb} ${database.name}`}
      pending={run.isPending}
      error={null}
      proof={<Proof database={database} />}
      onClose={onClose}
      onConfirm={() => {
        run.mutate({ act, database })
        onClose()
      }}
    >
      {act === 'stop'
        ? 'The container stops and clients lose their connection. The data stays, and it can be started again at any time.'
        : 'Clients lose their connection and can connect again after a few seconds. The data stays.'}
    </Confirm>
  )
}

function DeleteDialog({ database, onClose }: DialogProps) {
  const remove = useDeleteDatabase()
  return (
    <ConfirmByName
      {...frameOf(database)}
      name={database.name}
      title={`Delete ${database.name}`}
      action={`Delete ${database.name}`}
      pending={remove.isPending}
      error={remove.error}
      proof={<Proof database={database} volume />}
      onClose={onClose}
      onConfirm={(typed) => {
        remove.mutate({ database, typed }, { onSuccess: onClose })
      }}
    >
      The container stops and clients lose their connection. For 7 d it can be brought back from the
      trash, then it can be purged.
    </ConfirmByName>
  )
}

function PurgeDialog({ database, onClose }: DialogProps) {
  const purge = usePurgeDatabase()
  return (
    <ConfirmByName
      {...frameOf(database)}
      name={database.name}
      title={`Purge ${database.name}`}
      action={`Purge ${database.name}`}
      pending={purge.isPending}
      error={purge.error}
      proof={
        <Facts labelWidth={112}>
          <FactRow label={database.volumeName.startsWith('/') ? 'Data folder' : 'Volume'} mono>
            {database.volumeName}
          </FactRow>
          <FactRow label="Host">{database.hostName}</FactRow>
        </Facts>
      }
      onClose={onClose}
      onConfirm={(typed) => {
        purge.mutate({ database, typed }, { onSuccess: onClose })
      }}
    >
      The container and all its data are removed from {database.hostName}, and the password from the
      keychain. This can’t be undone.
    </ConfirmByName>
  )
}

function ProtectedDialog({ database, onClose }: DialogProps) {
  const protect = useSetProtection()
  return (
    <Confirm
      title={`${database.name} is protected`}
      action="Lift protection"
      pending={protect.isPending}
      error={protect.error}
      onClose={onClose}
      onConfirm={() => {
        protect.mutate({ id: database.id, protected: false })
      }}
    >
      Deletion protection is on. Lift it first; then it can be deleted after its name is typed.
    </Confirm>
  )
}

/** Numbers that prove what an act would hit. */
function Proof({ database, volume = false }: { database: DatabaseView; volume?: boolean }) {
  const samples = useStats(database.id, { how: 'close', enabled: isLive(database) })
  const stats = latestStats(samples)
  const old = useStatsAge(samples, 'close') !== null
  const connections = old ? null : (stats?.connections ?? null)
  const size = stats?.sizeBytes ?? null
  return (
    <Facts labelWidth={112}>
      <FactRow label="Connected now">
        {connections === null ? 'unknown' : <b>{plural(connections, 'client')}</b>}
      </FactRow>
      <FactRow label="Data">
        {size === null ? 'size unknown' : formatBytes(size)}
        {volume && ', volume is kept'}
      </FactRow>
      <FactRow label="Host">{database.hostName}</FactRow>
    </Facts>
  )
}
