import type { Migration } from './index.ts'

/**
 * What was seen at a time and is worth keeping beyond it: what a host last told of itself, and how much
 * lay at each destination day by day. A look is no change of what the user has: no revision for these.
 */
export const seenOverTime: Migration = {
  version: 6,
  name: 'seen-over-time',
  sql: `
CREATE TABLE host_facts (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  seen_at INTEGER NOT NULL,
  facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;

CREATE TABLE stored_samples (
  destination_id TEXT NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
  -- The UTC day, counted from 1970-01-01: one sample for each, the last one of the day.
  day INTEGER NOT NULL,
  at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  copies INTEGER NOT NULL,
  PRIMARY KEY (destination_id, day)
) STRICT, WITHOUT ROWID;
`,
}
