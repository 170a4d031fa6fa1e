import type { BackupView } from '../../../../shared/contract/backups.ts'
import { hostIdSchema, type HostView } from '../../../../shared/contract/hosts.ts'
import { restoreTargetSchema, type RestoreTarget } from '../../../../shared/contract/restores.ts'
import { databaseNameSchema, type Environment } from '../../../../shared/names.ts'

export type TargetKind = 'beside' | 'elsewhere' | 'in-place' | 'another'

/** What the wizard holds. */
export interface RestoreValues {
  kind: TargetKind
  hostId: string
  name: string
  environment: Environment
  /** The database whose place is taken where that is another one; empty where none is chosen. */
  databaseId: string
  /** The name of the database to replace, as typed. */
  confirmName: string
}

/** The target as the core takes it; null while something is missing. */
export function targetOf(values: RestoreValues, backup: BackupView): RestoreTarget | null {
  const parsed = restoreTargetSchema.safeParse(
    replaces(values)
      ? {
          kind: 'in-place',
          databaseId: replacedId(values, backup),
          // A plan is shown before anything is confirmed.
          confirmName: values.confirmName,
        }
      : {
          kind: 'new',
          hostId: values.hostId,
          name: values.name.trim(),
          environment: values.environment,
        },
  )
  return parsed.success ? parsed.data : null
}

/** Whether the data of a database that exists is replaced. */
export function replaces({ kind }: Pick<RestoreValues, 'kind'>): boolean {
  return kind === 'in-place' || kind === 'another'
}

/** Whose data it is; null where it is none. */
export function replacedId(
  { kind, databaseId }: Pick<RestoreValues, 'kind' | 'databaseId'>,
  backup: BackupView,
): string | null {
  if (kind === 'another') return databaseId
  return kind === 'in-place' ? backup.databaseId : null
}

/** What is wrong with the name as typed. */
export function nameFault(values: RestoreValues): string | undefined {
  if (replaces(values)) return undefined
  return databaseNameSchema.safeParse(values.name.trim()).error?.issues[0]?.message
}

/** The host that the backup's database runs on, by its id or else by the name it had; null where it is not here. */
export function sourceHost(
  backup: BackupView,
  hosts: readonly HostView[],
  databases: readonly { id: string; hostId: string }[],
): HostView | null {
  const hostId = databases.find(({ id }) => id === backup.databaseId)?.hostId
  return hosts.find(({ id, name }) => id === hostId || name === backup.hostName) ?? null
}

/** Parses a chosen host's id; empty where none is chosen. */
export function hostValue(chosen: string | null): string {
  const id = hostIdSchema.safeParse(chosen)
  return id.success ? id.data : ''
}
