/** Every kind of job, as the store and the faces know it. */
export const jobKinds = {
  createDatabase: 'create-database',
  startDatabase: 'start-database',
  stopDatabase: 'stop-database',
  restartDatabase: 'restart-database',
  deleteDatabase: 'delete-database',
  undeleteDatabase: 'undelete-database',
  purgeDatabase: 'purge-database',
  installDocker: 'install-docker',
  createBackup: 'create-backup',
  verifyBackup: 'verify-backup',
  copyBackup: 'copy-backup',
  testRestore: 'test-restore',
  applyRetention: 'apply-retention',
  restoreBackup: 'restore-backup',
  restoreInPlace: 'restore-in-place',
  exportFile: 'export-file',
  importFile: 'import-file',
  importServer: 'import-server',
} as const

export type JobKind = (typeof jobKinds)[keyof typeof jobKinds]

/** The kinds of jobs whose end tells how well a database is backed up, whatever came of them. */
export const tellingKinds: ReadonlySet<string> = new Set([
  jobKinds.createBackup,
  jobKinds.verifyBackup,
  jobKinds.copyBackup,
  jobKinds.testRestore,
])
