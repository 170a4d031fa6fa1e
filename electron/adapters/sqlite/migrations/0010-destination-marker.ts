import type { Migration } from './index.ts'

/** Whether a destination's folder has the file by which it is told from an empty mount point. */
export const destinationMarker: Migration = {
  version: 10,
  name: 'destination-marker',
  sql: `
ALTER TABLE destinations ADD COLUMN marker TEXT NOT NULL DEFAULT 'none'
  CHECK (marker IN ('none', 'wanted', 'made'));
`,
}
