import type { Migration } from './index.ts'

const revisionTriggers = ['INSERT', 'UPDATE', 'DELETE']
  .map(
    (event) => `
CREATE TRIGGER tunnels_${event.toLowerCase()}_revision AFTER ${event} ON tunnels
BEGIN UPDATE revision SET number = number + 1; END;`,
  )
  .join('')

/** A tunnel's port outlives the process that holds it, and so does the user's wish to have it. */
export const armedTunnels: Migration = {
  version: 2,
  name: 'armed-tunnels',
  sql: `
CREATE TABLE tunnels_2 (
  database_id TEXT PRIMARY KEY REFERENCES databases (id) ON DELETE CASCADE,
  -- The port a database's tunnel has moved to; null while it has its usual one.
  own_port INTEGER CHECK (own_port BETWEEN 1 AND 65535),
  -- True from when the user armed it until they disarm it: the app opens it at its next start.
  armed INTEGER NOT NULL DEFAULT 0 CHECK (armed IN (0, 1)),
  -- Where the tunnel is now, and the process that holds it.
  local_port INTEGER CHECK (local_port BETWEEN 1 AND 65535),
  owner TEXT
) STRICT;
INSERT INTO tunnels_2 (database_id, local_port, owner)
  SELECT database_id, local_port, owner FROM tunnels;
DROP TABLE tunnels;
ALTER TABLE tunnels_2 RENAME TO tunnels;
${revisionTriggers}
`,
}
