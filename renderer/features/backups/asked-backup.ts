import * as z from 'zod'

/** What the page of a database's backups can be opened with: the question for a backup, or for a file. */
export const askedBackupSchema = z.enum(['new', 'export'])
export type AskedBackup = z.infer<typeof askedBackupSchema>
