import { keysFileName } from '../../shared/backup-names.ts'
import { createCodecs } from '../adapters/compression/index.ts'
import { createDumpFiles } from '../adapters/dump-files/index.ts'
import { applyRetentionJob } from '../domain/backups/apply-retention.ts'
import { withDestination, type BackupJobDeps } from '../domain/backups/backup-job.ts'
import { createBackups, type BackupJobs } from '../domain/backups/backups.ts'
import { createClockWatch } from '../domain/backups/clock-watch.ts'
import { copyBackupJob } from '../domain/backups/copy-backup.ts'
import { createBackupJob } from '../domain/backups/create-backup.ts'
import { createDestinationLooks } from '../domain/backups/destination-looks.ts'
import { exportFileJob } from '../domain/backups/export-file.ts'
import { followUp } from '../domain/backups/follow-up.ts'
import { importFileJob } from '../domain/backups/import-file.ts'
import { createImportPasswords } from '../domain/backups/import-passwords.ts'
import { importServerJob } from '../domain/backups/import-server.ts'
import { createBackupKeys } from '../domain/backups/keys.ts'
import { createRecoveryKeyService } from '../domain/backups/recovery-key-service.ts'
import { createRecoveryKey } from '../domain/backups/recovery-key.ts'
import { restoreBackupJob } from '../domain/backups/restore-backup.ts'
import { restoreInPlaceJob } from '../domain/backups/restore-in-place.ts'
import { createRestores, type RestoreJobs } from '../domain/backups/restores.ts'
import { rotateKey } from '../domain/backups/rotate-key.ts'
import { createScheduler } from '../domain/backups/scheduler.ts'
import { createSchedules } from '../domain/backups/schedules.ts'
import { readSmall } from '../domain/backups/small-object.ts'
import { testRestoreJob } from '../domain/backups/test-restore.ts'
import { createTransfers, type TransferJobs } from '../domain/backups/transfers.ts'
import { verifyCopyJob } from '../domain/backups/verify-copy.ts'
import type { DatabaseJobDeps } from '../domain/databases/database-job.ts'
import { eraseInput, type JobDefinition } from '../domain/jobs/job-definition.ts'
import type { Jobs } from '../domain/jobs/jobs.ts'
import type { Clipboard, FileSaver, Log } from '../domain/ports.ts'

export interface BackupParts extends DatabaseJobDeps, Pick<BackupJobDeps, 'openDestination'> {
  log: Log
  version: string
  /** The folder for what is only there while a job runs. */
  temporary: string
  clipboard: Clipboard | null
  files: FileSaver | null
}

/**
 * All that has to do with backups, in two turns: its kinds of jobs, of which the jobs service is made
 * among others, and then the services, which enqueue them there.
 */
export function composeBackups(parts: BackupParts) {
  const { stores, secrets, clock, log, publish, clipboard, files } = parts
  let enqueuesIn: Jobs | undefined
  const clockWatch = createClockWatch(clock)
  const deps: BackupJobDeps = {
    ...parts,
    codecs: createCodecs(),
    keys: createBackupKeys({ secrets, clock }),
    recoveryKey: createRecoveryKey({ secrets, clock }),
    // Asked when a job runs, and by then there is one.
    follow: followUp({ stores, clock }, () => {
      if (enqueuesIn === undefined) throw new Error('A job runs before there are any.')
      return { jobs: enqueuesIn, definitions: backups }
    }),
  }
  const backups: BackupJobs = {
    create: createBackupJob(deps),
    verify: verifyCopyJob(deps),
    copy: copyBackupJob(deps),
    test: testRestoreJob(deps),
    retention: applyRetentionJob({ ...deps, clockWatch }),
  }
  const restores: RestoreJobs = {
    asNew: restoreBackupJob(deps),
    inPlace: restoreInPlaceJob(deps),
  }
  const transferDeps = { ...deps, files: createDumpFiles(parts.temporary) }
  const transfers: TransferJobs = {
    exportFile: exportFileJob(transferDeps),
    importFile: importFileJob(transferDeps),
    importServer: importServerJob(transferDeps),
  }
  const kinds: JobDefinition[] = [
    eraseInput(backups.create),
    eraseInput(backups.verify),
    eraseInput(backups.copy),
    eraseInput(backups.test),
    eraseInput(restores.asNew),
    eraseInput(restores.inPlace),
    eraseInput(transfers.exportFile),
    eraseInput(transfers.importFile),
    eraseInput(transfers.importServer),
    eraseInput(backups.retention),
  ]

  const serve = (jobs: Jobs) => {
    enqueuesIn = jobs
    const looks = createDestinationLooks({ ...deps, log })
    const { service, start } = createBackups({ ...deps, jobs, looks, definitions: backups })
    return {
      backups: service,
      looks,
      importPasswords: createImportPasswords({ ...deps, log }),
      schedules: createSchedules({ ...deps, start }),
      scheduler: createScheduler({ stores, clock, log, publish, start, clockWatch }),
      restores: createRestores({ ...deps, jobs, definitions: restores }),
      transfers: createTransfers({ ...transferDeps, jobs, definitions: transfers }),
      rotateKey: rotateKey(deps),
      recoveryKey: createRecoveryKeyService({
        stores,
        publish,
        clipboard,
        files,
        keys: deps.keys,
        recoveryKey: deps.recoveryKey,
        keysFileOf: (id, signal) =>
          withDestination(deps, id, (destination) => readSmall(destination, keysFileName, signal)),
      }),
    }
  }
  return { kinds, serve }
}
