import type { Migration } from './index.ts'

const watched = ['backup_copies', 'schedules']
const revisionTriggers = watched
  .flatMap((table) =>
    ['INSERT', 'UPDATE', 'DELETE'].map(
      (event) => `
CREATE TRIGGER ${table}_${event.toLowerCase()}_revision AFTER ${event} ON ${table}
BEGIN UPDATE revision SET number = number + 1; END;`,
    ),
  )
  .join('')

/**
 * What is known of the backups at the destinations, and when to make more. A backup outlives its
 * database here as it does there; what is known of a copy goes with its destination.
 */
export const backups: Migration = {
  version: 5,
  name: 'backups',
  sql: `
-- One row a copy. What lists and retention need stands in columns; the manifest has the rest.
CREATE TABLE backup_copies (
  backup_id TEXT NOT NULL,
  destination_id TEXT NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
  database_id TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  plain_bytes INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  verified_at INTEGER,
  restored_at INTEGER,
  problem TEXT CHECK (json_valid(problem)),
  manifest TEXT NOT NULL CHECK (json_valid(manifest)),
  PRIMARY KEY (backup_id, destination_id)
) STRICT;
CREATE INDEX backup_copies_database ON backup_copies (database_id, made_at);
CREATE INDEX backup_copies_destination ON backup_copies (destination_id);

CREATE TABLE schedules (
  id TEXT PRIMARY KEY,
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  created_at INTEGER NOT NULL,
  next_run_at INTEGER,
  last_run_at INTEGER,
  missed INTEGER NOT NULL
) STRICT;
${revisionTriggers}
`,
}
