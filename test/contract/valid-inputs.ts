import { randomUUID } from 'node:crypto'
import type { BackupId } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { HostConnection, HostId } from '../../shared/contract/hosts.ts'
import type { MethodInput, MethodName } from '../../shared/contract/index.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import type { ScheduleId } from '../../shared/contract/schedules.ts'

const hostId = randomUUID() as HostId
const id = randomUUID() as DatabaseId
const destinationId = randomUUID() as DestinationId
const backupId = randomUUID() as BackupId
const jobId = randomUUID() as JobId
const scheduleId = randomUUID() as ScheduleId
const schedule = {
  name: 'nightly',
  scope: { kind: 'rule' as const, environment: 'production' as const },
  cron: '30 3 * * *',
  timeZone: 'Europe/Berlin',
  destinationIds: [destinationId],
  retention: { last: 3, daily: 7 },
}
const fingerprint = `SHA256:${'A'.repeat(43)}`
const connection: HostConnection = {
  kind: 'ssh',
  address: 'db.example.com',
  port: 22,
  user: 'root',
  login: { kind: 'agent' },
}
const create = {
  hostId,
  engine: 'postgres',
  name: 'shop',
  version: '17',
  environment: 'production',
} as const
const restore = {
  backupId,
  destinationId,
  target: { kind: 'new', hostId, name: 'shop-again', environment: 'staging' },
} as const
const passphrase = 'a passphrase of some length'

/** An input for each method that its schema takes, so that a refusal has no other reason than the one tested. */
export const validInputs: { readonly [N in MethodName]: MethodInput<N> } = {
  'app.info': {},
  'app.state': {},
  'app.installUpdate': {},
  'app.stay': {},
  'hosts.list': {},
  'hosts.suggestions': {},
  'hosts.check': { connection, secret: 'x', checkId: 'one' },
  'hosts.facts': { id: hostId },
  'hosts.lastFacts': {},
  'hosts.ports': { id: hostId },
  'hosts.planDockerInstall': { hostId },
  'hosts.installDocker': { id: hostId, key: 'k' },
  'hosts.add': { connection, name: 'attic', baseDomain: null, acceptHostKey: fingerprint },
  'hosts.update': { id: hostId, dataDirectory: '/srv/databases' },
  'hosts.reconnect': { id: hostId },
  'hosts.trustNewKey': { id: hostId, fingerprint },
  'hosts.setSecret': { id: hostId, secret: 'x' },
  'hosts.remove': { id: hostId },
  'engines.list': {},
  'databases.list': {},
  'databases.read': { ids: [id] },
  'databases.plan': create,
  'databases.create': create,
  'databases.stats': { id },
  'databases.start': { id },
  'databases.stop': { id },
  'databases.restart': { id },
  'databases.delete': { id, confirmName: 'shop' },
  'databases.undelete': { id },
  'databases.purge': { id, confirmName: 'shop' },
  'databases.setProtection': { id, protected: true },
  'databases.connection': { id },
  'databases.reveal': { id },
  'databases.copy': { id, what: 'password' },
  'backups.list': {},
  'backups.tables': { id: backupId },
  'backups.freshness': {},
  'backups.create': { databaseId: id, destinationIds: [destinationId] },
  'backups.verify': { id: backupId, destinationId },
  'backups.testRestore': { id: backupId, destinationId },
  'backups.remove': { id: backupId, destinationId, confirmName: 'shop' },
  'backups.scan': { destinationId },
  'backups.looks': {},
  'backups.look': {},
  'restores.plan': restore,
  'restores.start': restore,
  'transfers.exportFile': { databaseId: id, path: '/srv/shop.dump' },
  'transfers.planFile': { ...create, path: '/srv/shop.sql.gz' },
  'transfers.planServer': { ...create, connectionString: 'postgres://me@db/shop' },
  'transfers.importServer': { ...create, connectionString: 'postgres://me@db/shop' },
  'transfers.importFile': { ...create, path: '/srv/shop.sql.gz' },
  'schedules.list': {},
  'schedules.create': schedule,
  'schedules.update': { id: scheduleId, change: schedule },
  'schedules.remove': { id: scheduleId },
  'schedules.runNow': { id: scheduleId },
  'schedules.preview': schedule,
  'destinations.kinds': {},
  'destinations.list': {},
  'destinations.stored': {},
  'destinations.check': { checkId: 'one', id: destinationId },
  'destinations.add': { name: 'disk', kind: 'folder', config: { folder: '/srv' }, secrets: {} },
  'destinations.update': { id: destinationId, name: 'disk-2' },
  'destinations.remove': { id: destinationId, confirmName: 'disk' },
  'destinations.rotateKey': { id: destinationId },
  'recoveryKey.status': {},
  'recoveryKey.reveal': {},
  'recoveryKey.copy': {},
  'recoveryKey.saveFile': {},
  'recoveryKey.confirm': { text: 'ABCDE' },
  'recoveryKey.enter': { destinationId, text: 'ABCDE-FGHIJ' },
  'files.choose': { what: 'folder' },
  'tunnels.list': {},
  'tunnels.open': { databaseId: id, localPort: 15432 },
  'tunnels.close': { databaseId: id },
  'jobs.list': {},
  'jobs.get': { id: jobId },
  'jobs.cancel': { id: jobId },
  'jobs.retry': { id: jobId },
  'metrics.watch': { watcher: 'window', close: [id], inView: [] },
  'metrics.history': { ids: [id], points: 60 },
  'logs.follow': { databaseId: id, follower: 'window', tail: 1_000 },
  'logs.unfollow': { follower: 'window' },
  'logs.download': { databaseId: id, follower: 'window' },
  'settings.get': {},
  'settings.set': { notifications: false },
  'secrets.status': {},
  'secrets.createVault': { passphrase },
  'secrets.unlockVault': { passphrase },
}
