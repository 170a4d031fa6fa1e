// Everything that needs the driver. Loaded with the first connection: the
// window's start does not wait for it.
export { openBackupSession } from './backup-session.ts'
export { openSource } from './remote-session.ts'
export { openPostgresSession } from './session.ts'
export { swapDatabases } from './swap-databases.ts'
