import type { EngineBackup } from '../engine.ts'
import { openBackupSession } from './backup-session.ts'
import { dumpTask, importTask, restoreTask } from './backup-tasks.ts'
import { loopback, parseSource } from './connection-string.ts'
import { formatOf } from './file-format.ts'
import { openSource } from './remote-session.ts'
import { serverPort } from './spec.ts'
import { swapDatabases } from './swap-databases.ts'

/** PostgreSQL's dumps, by its own tools in its own image. */
export const postgresBackup: EngineBackup = {
  dump: dumpTask,
  restore: restoreTask,
  importStatements: importTask,
  formatOf,
  parseSource,
  openSource,
  beside: (login) => ({ address: loopback(serverPort), ...login }),
  maintenanceDatabase: 'postgres',
  openSession: openBackupSession,
  swap: swapDatabases,
}
