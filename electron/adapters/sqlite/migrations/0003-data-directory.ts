import type { Migration } from './index.ts'

/** Where a host's new databases keep their data; NULL for Docker's volumes. */
export const dataDirectory: Migration = {
  version: 3,
  name: 'data-directory',
  sql: `ALTER TABLE hosts ADD COLUMN data_directory TEXT;`,
}
