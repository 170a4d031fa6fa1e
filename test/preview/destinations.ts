import {
  destinationCheckSteps,
  destinationIdSchema,
  destinationKindInfoSchema,
  destinationSchema,
  type DestinationCheck,
  type DestinationKindInfo,
  type DestinationView,
} from '../../shared/contract/destinations.ts'
import { id, now } from './data.ts'

const minute = 60_000
const day = 24 * 60 * minute

export const nearId = id(801)
export const offSiteId = id(802)

const field = (key: string, label: string, type: string, more: object = {}) => ({
  key,
  label,
  type,
  required: true,
  hint: null,
  example: null,
  default: null,
  multiline: false,
  options: [],
  ...more,
})

/** Kinds as the app tells them, with every type of field. */
export const destinationKinds: DestinationKindInfo[] = [
  {
    id: 'local-folder',
    label: 'Folder on this computer',
    summary: 'On this computer’s disk, an external disk or a network share.',
    offSite: false,
    fields: [
      field('folder', 'Folder', 'folder', {
        hint: 'It has to be there already. A small file marks it, so that a disk that is not connected is never mistaken for an empty one.',
        example: '/home/me/backups',
      }),
    ],
  },
  {
    id: 'server-folder',
    label: 'Volume or folder on a host',
    summary: 'On one of your servers: a Docker volume, or a folder such as a mounted disk.',
    offSite: false,
    fields: [
      field('host', 'Host', 'host', {
        hint: 'Another host than the database’s own, so that they are not lost together.',
      }),
      field('place', 'Volume or path', 'text', {
        hint: 'A volume is made where it is missing; a folder has to be there.',
        example: 'quayside-backups or /srv/backups',
      }),
    ],
  },
  {
    id: 's3',
    label: 'S3 or compatible',
    summary: 'A bucket of Amazon S3, Cloudflare R2, Backblaze B2, Hetzner, MinIO and the like.',
    offSite: true,
    fields: [
      field('bucket', 'Bucket', 'text', { example: 'shop-backups' }),
      field('endpoint', 'Endpoint', 'text', {
        required: false,
        hint: 'Empty for Amazon’s own.',
        example: 'https://s3.example.com',
      }),
      field('addressing', 'Form of address', 'select', {
        required: false,
        default: 'automatic',
        options: [
          { value: 'automatic', label: 'Automatic: in the path where there is an endpoint' },
          { value: 'path', label: 'In the path' },
        ],
      }),
      field('accessKeyId', 'Access key ID', 'secret'),
      field('secretAccessKey', 'Secret access key', 'secret'),
    ],
  },
  {
    id: 'gcs',
    label: 'Google Cloud Storage',
    summary: 'A bucket of Google Cloud Storage, by a service account.',
    offSite: true,
    fields: [
      field('bucket', 'Bucket', 'text', { example: 'shop-backups' }),
      field('key', 'Key of a service account (JSON)', 'secret', { multiline: true }),
    ],
  },
].map((kind) => destinationKindInfoSchema.parse(kind))

const denied = {
  code: 'destination_denied',
  message: 'nas.northwind.example refuses to delete.',
  hint: 'Allow s3:DeleteObject for this access key.',
  detail: 'AccessDenied: Access Denied, request 17B0A1F2',
} as const

export const destinations: DestinationView[] = [
  {
    id: nearId,
    name: 'nas-attic',
    kind: 'local-folder',
    place: '/mnt/attic/quayside',
    config: { folder: '/mnt/attic/quayside' },
    lastCheck: { at: now - 4 * minute, error: null },
  },
  {
    id: offSiteId,
    name: 'northwind-backups',
    kind: 's3',
    place: 's3.eu-central-1.example.com/northwind-backups',
    config: { bucket: 'northwind-backups', endpoint: 'https://s3.eu-central-1.example.com' },
    secrets: ['accessKeyId', 'secretAccessKey'],
    lastCheck: { at: now - 2 * day, error: null },
  },
  {
    id: id(803),
    name: 'nas',
    kind: 's3',
    place: 'nas.northwind.example/old',
    config: { bucket: 'old', endpoint: 'https://nas.northwind.example' },
    secrets: ['accessKeyId', 'secretAccessKey'],
    lastCheck: { at: now - 20 * minute, error: denied },
  },
  {
    id: id(804),
    name: 'fra-volume',
    kind: 'server-folder',
    place: 'fra-1: quayside-backups',
    config: { host: id(2), place: 'quayside-backups' },
    lastCheck: null,
  },
].map((each) => {
  const kind = destinationKinds.find((one) => one.id === each.kind)
  return destinationSchema.parse({
    secrets: [],
    ...each,
    kindLabel: kind?.label,
    offSite: kind?.offSite,
    createdAt: now - 60 * day,
  })
})

/** A check that works, or that fails at its last step. */
export function destinationCheck(checkId: string, fails: boolean): DestinationCheck {
  return {
    checkId,
    ok: !fails,
    steps: destinationCheckSteps.map((name, index) => ({
      name,
      title:
        ['Write a small object', 'Read it back', 'Find it in the list', 'Delete it'][index] ?? '',
      state: fails && name === 'delete' ? 'failed' : 'done',
      ms: 40 + index * 31,
      error: fails && name === 'delete' ? denied : null,
    })),
  }
}

/** A month of what lay at two of them; the laptop was off for some days of it. */
export const storedSamples = Array.from({ length: 30 }, (_, ago) => ago)
  .filter((ago) => ![6, 7, 19, 21].includes(ago))
  .flatMap((ago) =>
    [nearId, offSiteId].map((destinationId, nth) => ({
      destinationId: destinationIdSchema.parse(destinationId),
      day: Math.floor(now / day) - ago,
      bytes: (152 - ago * 1.1 + 3 * Math.sin(ago) - nth) * 1e9,
      copies: 61 - ago,
    })),
  )
  .toReversed()
