import type { EngineBackup } from '../engine-backup.ts'
import { dumpTask, importTask, restoreTask } from './backup-tasks.ts'
import { loopback, parseSource } from './connection-string.ts'
import { formatOf } from './file-format.ts'
import { serverPort } from './spec.ts'

const withDriver = () => import('./with-driver.ts')

/** PostgreSQL's dumps, by its own tools in its own image. */
export const postgresBackup: EngineBackup = {
  dump: dumpTask,
  restore: restoreTask,
  importStatements: importTask,
  formatOf,
  parseSource,
  openSource: async (...source) => (await withDriver()).openSource(...source),
  beside: (login) => ({ address: loopback(serverPort), ...login }),
  // Nobody can make a database while somebody is in the template, so only where it has to be.
  maintenanceFor: (database) => (database === 'postgres' ? 'template1' : 'postgres'),
  openSession: async (...login) => (await withDriver()).openBackupSession(...login),
  swap: async (...databases) => (await withDriver()).swapDatabases(...databases),
}
