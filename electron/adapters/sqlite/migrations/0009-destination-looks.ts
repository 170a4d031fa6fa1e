import type { Migration } from './index.ts'

/** When it was last seen what lies at each destination, and why the last look came to nothing. */
export const destinationLooks: Migration = {
  version: 9,
  name: 'destination-looks',
  sql: `
CREATE TABLE destination_looks (
  destination_id TEXT PRIMARY KEY REFERENCES destinations (id) ON DELETE CASCADE,
  tried_at INTEGER NOT NULL,
  looked_at INTEGER,
  error TEXT
) STRICT, WITHOUT ROWID;
`,
}
