import type { Migration } from './index.ts'

/**
 * Which copies this installation wrote itself, as far as the manifest goes that is known of them. Of
 * those that are there already, only what a job's own record still says word for word counts: what a
 * look at a destination has found could have been put there by anyone.
 */
export const madeHere: Migration = {
  version: 8,
  name: 'made-here',
  sql: `
ALTER TABLE backup_copies
  ADD COLUMN made_here INTEGER NOT NULL DEFAULT 0 CHECK (made_here IN (0, 1));
UPDATE backup_copies SET made_here = 1
  WHERE json_remove(manifest, '$.seal') IN (
    SELECT json(output) FROM job_steps
      WHERE name IN ('dump', 'copy') AND state = 'done' AND output IS NOT NULL)
  AND json_remove(manifest, '$.seal', '$.object', '$.companions') IN (
    SELECT json_remove(output, '$.object', '$.companions') FROM job_steps
      WHERE name = 'dump' AND state = 'done' AND output IS NOT NULL);
`,
}
