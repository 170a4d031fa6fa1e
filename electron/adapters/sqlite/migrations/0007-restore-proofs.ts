import type { Migration } from './index.ts'

/**
 * When a backup of each database was last proven by a restore. Kept apart from the copies: retention
 * removes the one that proved it, and it was proven all the same.
 */
export const restoreProofs: Migration = {
  version: 7,
  name: 'restore-proofs',
  sql: `
CREATE TABLE restore_proofs (
  database_id TEXT PRIMARY KEY,
  proven_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO restore_proofs (database_id, proven_at)
  SELECT database_id, max(restored_at) FROM backup_copies
  WHERE restored_at IS NOT NULL GROUP BY database_id;
`,
}
