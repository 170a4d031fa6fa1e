import type { SessionLogin } from '../engine.ts'
import type { BackupSession } from '../engine-backup.ts'
import { connectPostgres, type PostgresClient } from './client.ts'
import { applyDatabase, createDatabase, dropDatabase, listDatabases } from './database-work.ts'
import { readDatabase } from './database-facts.ts'
import { setFilling } from './filling.ts'
import { createExtensions, createImporter, dropImporter, settleImporter } from './importer.ts'
import { readReplication, setSubscriptions } from './replication.ts'
import { applyRoles, dropRoles, readRoles, settleRoles } from './roles.ts'
import { exportSnapshot, isHeldUp, prepare, readTables, surveyTables } from './snapshot.ts'
import { createStandIn, dropStandIn, settleStandIn } from './stand-in.ts'

/** See `EngineBackup.openSession`. */
export async function openBackupSession(
  login: SessionLogin,
  signal?: AbortSignal,
): Promise<BackupSession> {
  return sessionOver(await connectPostgres(login, { queryMs: null, signal }))
}

/** The same over a login that is there; one that can't be made ready is closed. */
export async function sessionOver(client: PostgresClient): Promise<BackupSession> {
  const { query, close } = client
  try {
    await prepare(query)
  } catch (thrown) {
    await close()
    throw thrown
  }
  return {
    exportSnapshot: () => exportSnapshot(query),
    isHeldUp: () => isHeldUp(query),
    tables: () => readTables(client),
    survey: () => surveyTables(query),
    database: () => readDatabase(query),
    roles: ({ verifiers }) => readRoles(query, verifiers),
    applyRoles: (roles, how) => applyRoles(query, roles, how),
    settleRoles: (roles, how) => settleRoles(query, roles, how),
    dropRoles: (mark) => dropRoles(query, mark),
    createDatabase: (name, like) => createDatabase(query, name, like),
    applyDatabase: (name, facts, roles) => applyDatabase(query, name, facts, roles),
    dropDatabase: (name) => dropDatabase(query, name),
    listDatabases: () => listDatabases(query),
    replication: () => readReplication(query),
    setSubscriptions: (names, enabled) => setSubscriptions(query, names, enabled),
    setFilling: (filling) => setFilling(query, filling),
    createImporter: (...words) => createImporter(query, ...words),
    createExtensions: (...words) => createExtensions(query, ...words),
    settleImporter: (user, owner, database) => settleImporter(query, user, owner, database),
    dropImporter: (user) => dropImporter(query, user),
    createStandIn: (role) => createStandIn(query, role),
    settleStandIn: (role, owner) => settleStandIn(query, role, owner),
    dropStandIn: (role) => dropStandIn(query, role),
    close,
  }
}
