import type { Migration } from './index.ts'

const revisionTriggers = ['INSERT', 'UPDATE', 'DELETE']
  .map(
    (event) => `
CREATE TRIGGER destinations_${event.toLowerCase()}_revision AFTER ${event} ON destinations
BEGIN UPDATE revision SET number = number + 1; END;`,
  )
  .join('')

/** Where backups go. Credentials lie in the keychain; here stands only which of them there are. */
export const destinations: Migration = {
  version: 4,
  name: 'destinations',
  sql: `
CREATE TABLE destinations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  kind TEXT NOT NULL,
  config TEXT NOT NULL CHECK (json_valid(config)),
  secret_names TEXT NOT NULL CHECK (json_valid(secret_names)),
  created_at INTEGER NOT NULL,
  last_check TEXT CHECK (json_valid(last_check))
) STRICT;
${revisionTriggers}
`,
}
