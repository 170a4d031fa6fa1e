import { join } from 'node:path'
import { createLog, createRedactor, type Redactor } from './adapters/log/index.ts'
import type { Log } from './domain/ports.ts'

/** The log, and what keeps every known secret out of it. */
export interface Diagnostics {
  readonly log: Log
  readonly redact: Redactor
}

/** Makes the log of a home. */
export function createDiagnostics(home: string): Diagnostics {
  const redact = createRedactor()
  return { redact, log: createLog({ dir: join(home, 'logs'), redact }) }
}
