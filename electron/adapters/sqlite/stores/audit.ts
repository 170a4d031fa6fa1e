import type { AuditStore, Clock } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'

/** Writes the audit log: rows are added and never changed. */
export function createAuditStore(connection: Connection, clock: Clock): AuditStore {
  return {
    append({ action, subject, facts }) {
      connection.run(
        'INSERT INTO audit (at, action, subject, outcome, facts) VALUES (?, ?, ?, ?, ?)',
        Math.round(clock.now()),
        action,
        subject,
        'done',
        JSON.stringify(facts),
      )
    },
  }
}
