import type { BackupId } from '../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { BackupJobDeps } from './backup-job.ts'

/** Writes down that a copy has become a database with the same rows; in the caller's transaction. */
export function noteRestored(
  { stores, clock }: Pick<BackupJobDeps, 'stores' | 'clock'>,
  { backupId, destinationId }: { backupId: BackupId; destinationId: DestinationId },
  about: { action: 'restores.start' | 'backups.testRestore'; target: string; hostName: string },
): void {
  const now = clock.now()
  stores.backups.update(backupId, destinationId, { restoredAt: now, problem: null })
  stores.audit.append({
    action: about.action,
    subject: about.target,
    facts: { host: about.hostName, backup: backupId },
  })
}
