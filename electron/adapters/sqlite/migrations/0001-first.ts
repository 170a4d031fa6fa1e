import type { Migration } from './index.ts'

/** The tables a view is made of: a change to one of them raises the revision. */
const watched = ['hosts', 'databases', 'jobs', 'job_steps', 'tunnels']
const events = ['INSERT', 'UPDATE', 'DELETE']

const revisionTriggers = watched
  .flatMap((table) =>
    events.map(
      (event) => `
CREATE TRIGGER ${table}_${event.toLowerCase()}_revision AFTER ${event} ON ${table}
BEGIN UPDATE revision SET number = number + 1; END;`,
    ),
  )
  .join('')

/** Times are epoch milliseconds; columns that hold JSON are checked to be JSON. */
export const first: Migration = {
  version: 1,
  name: 'first',
  sql: `
CREATE TABLE hosts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  connection TEXT NOT NULL CHECK (json_valid(connection)),
  base_domain TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE databases (
  id TEXT PRIMARY KEY,
  host_id TEXT NOT NULL REFERENCES hosts (id),
  name TEXT NOT NULL,
  environment TEXT NOT NULL,
  engine TEXT NOT NULL,
  version TEXT NOT NULL,
  image TEXT NOT NULL,
  container_name TEXT NOT NULL,
  volume_name TEXT NOT NULL,
  port INTEGER CHECK (port BETWEEN 1 AND 65535),
  user TEXT NOT NULL,
  database TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('creating', 'ready', 'trash')),
  protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  last_known TEXT CHECK (json_valid(last_known))
) STRICT;
-- A name is free again once its database lies in the trash; a port is not: undelete needs it back.
CREATE UNIQUE INDEX databases_name ON databases (host_id, name, environment, engine)
  WHERE state <> 'trash';
CREATE UNIQUE INDEX databases_port ON databases (host_id, port);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  queue TEXT NOT NULL,
  key TEXT NOT NULL,
  input TEXT CHECK (json_valid(input)),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  undoing TEXT CHECK (undoing IN ('failed', 'cancelled')),
  cancel_requested INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
  attempt INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  error TEXT CHECK (json_valid(error)),
  owner TEXT,
  database_id TEXT,
  host_id TEXT
) STRICT;
CREATE INDEX jobs_created ON jobs (created_at);
CREATE INDEX jobs_active ON jobs (key) WHERE state IN ('waiting', 'running');

CREATE TABLE job_steps (
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'running', 'done', 'failed', 'undone', 'not-run')),
  fact TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  output TEXT CHECK (json_valid(output)),
  undo TEXT CHECK (json_valid(undo)),
  PRIMARY KEY (job_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE processes (
  id TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  -- What tells this process from a later one with the same pid; null where the system can't say.
  birth TEXT,
  beat_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tunnels (
  database_id TEXT PRIMARY KEY REFERENCES databases (id) ON DELETE CASCADE,
  local_port INTEGER NOT NULL,
  owner TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;
CREATE INDEX audit_at ON audit (at);

-- Raised by every change a view can show, and by nothing else: a heartbeat is no news.
CREATE TABLE revision (number INTEGER NOT NULL) STRICT;
INSERT INTO revision VALUES (0);
${revisionTriggers}
`,
}
