import { isAbsolute } from 'node:path'
import * as z from 'zod'
import { defineKind, field } from '../destination.ts'
import { createFolderDriver } from './driver.ts'

const configSchema = z.strictObject({
  folder: z
    .string()
    .trim()
    .min(1, 'Choose a folder.')
    .max(1024, 'Use 1024 characters at most.')
    .refine((path) => isAbsolute(path), 'Give the folder’s whole path.')
    .refine((path) => !path.includes('\0'), 'That is no path.'),
})

/** A folder of this computer: on its own disk, an external one, or a share. */
export const localFolder = defineKind({
  info: {
    id: 'local-folder',
    label: 'Folder on this computer',
    summary: 'On this computer’s disk, an external disk or a network share.',
    offSite: false,
    fields: [
      field({
        key: 'folder',
        label: 'Folder',
        type: 'folder',
        hint: 'It has to be there already. A small file marks it, so that a disk that is not connected is never mistaken for an empty one.',
        example: '/home/me/backups',
      }),
    ],
  },
  config: configSchema,
  secrets: z.strictObject({}),
  place: ({ folder }) => folder,
  isMounted: () => true,
  open: ({ folder }, _secrets, { marked }) => createFolderDriver(folder, marked),
})
