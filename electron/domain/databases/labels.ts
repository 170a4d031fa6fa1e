import * as z from 'zod'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { environmentSchema } from '../../../shared/names.ts'
import type { DatabaseRecord, Labels } from '../ports.ts'

const prefix = 'io.quayside'

/** Present on everything Quayside makes on a host; its value is the version of these labels. */
const schemaVersion = '1'

/** Finds every container of ours on a host. */
export const ourContainers: Labels = { [`${prefix}.schema`]: schemaVersion }

/** What stands on a database's container and volume, so that another installation can read it back. */
export function labelsOf(record: DatabaseRecord): Labels {
  return {
    ...ourContainers,
    [`${prefix}.database.id`]: record.id,
    [`${prefix}.database.name`]: record.name,
    [`${prefix}.environment`]: record.environment,
    [`${prefix}.engine`]: record.engine,
    [`${prefix}.version`]: record.version,
    [`${prefix}.user`]: record.user,
    [`${prefix}.logical-database`]: record.database,
    [`${prefix}.created`]: new Date(record.createdAt).toISOString(),
  }
}

const labelsSchema = z.object({
  [`${prefix}.database.id`]: databaseIdSchema,
  [`${prefix}.environment`]: environmentSchema,
})

/** Whether a container or volume belongs to this very database, and not just to its name. */
export function belongsTo(labels: Labels, record: Pick<DatabaseRecord, 'id'>): boolean {
  return databaseIdOf(labels) === record.id
}

/** The id on the labels; null where it is missing or not one of ours. */
export function databaseIdOf(labels: Labels): DatabaseRecord['id'] | null {
  const parsed = labelsSchema.safeParse(labels)
  return parsed.success ? databaseIdSchema.parse(labels[`${prefix}.database.id`]) : null
}
