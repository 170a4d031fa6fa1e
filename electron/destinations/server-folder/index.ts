import * as z from 'zod'
import { defineKind, field } from '../destination.ts'

/** Folders that are gone after a restart, or are no files at all. */
const noPlace = /^\/(?:proc|sys|dev|run|tmp)(?:\/|$)/

const configSchema = z.strictObject({
  host: z.uuid('Choose a host.'),
  place: z
    .string()
    .trim()
    .min(1, 'Give a volume’s name or an absolute path.')
    .max(1024, 'Use 1024 characters at most.')
    .regex(
      /^(?:[A-Za-z0-9][A-Za-z0-9_.-]*|\/[^:\p{Cc}]*)$/u,
      'Give a volume’s name, or an absolute path on the host such as /srv/backups.',
    )
    .refine((place) => !/\/\.{1,2}(?:\/|$)/.test(place), 'Give the path without “.” and “..”.')
    .refine(
      (place) => place !== '/' && !noPlace.test(place),
      'Choose a folder that keeps what is put into it.',
    ),
})

/** A Docker volume or a folder on one of the hosts. */
export const serverFolder = defineKind({
  info: {
    id: 'server-folder',
    label: 'Volume or folder on a host',
    summary: 'On one of your servers: a Docker volume, or a folder such as a mounted disk.',
    offSite: false,
    fields: [
      field({
        key: 'host',
        label: 'Host',
        type: 'host',
        hint: 'Another host than the database’s own, so that they are not lost together.',
      }),
      field({
        key: 'place',
        label: 'Volume or path',
        type: 'text',
        hint: 'A volume is made where it is missing; a folder has to be there.',
        example: 'quayside-backups or /srv/backups',
      }),
    ],
  },
  config: configSchema,
  secrets: z.strictObject({}),
  place: ({ place }) => place,
  // A volume that is missing is told by Docker; a folder may be a mount point.
  isMounted: ({ place }) => place.startsWith('/'),
  open: ({ host, place }, _secrets, { volumes, marked }) => volumes.at(host, place, marked),
})
