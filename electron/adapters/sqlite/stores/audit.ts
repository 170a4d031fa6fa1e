import type { AuditStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'

/** Writes the audit log: rows are added and never changed. */
export function createAuditStore(connection: Connection): AuditStore {
  return {
    append({ at, action, subject, outcome, facts }) {
      connection.run(
        'INSERT INTO audit (at, action, subject, outcome, facts) VALUES (?, ?, ?, ?, ?)',
        Math.round(at),
        action,
        subject,
        outcome,
        JSON.stringify(facts),
      )
    },
  }
}
