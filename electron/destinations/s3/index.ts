import * as z from 'zod'
import { defineKind, endpointSchema, field, prefixSchema } from '../destination.ts'
import { createBucketDriver } from './driver.ts'

const addressing = ['automatic', 'path', 'host'] as const

const configSchema = z.strictObject({
  bucket: z
    .string()
    .trim()
    .min(1, 'Give the bucket’s name.')
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/, 'That is no name of a bucket.'),
  region: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'A region looks like eu-central-1.')
    .default('us-east-1'),
  endpoint: endpointSchema('https://s3.example.com'),
  folder: prefixSchema,
  addressing: z.enum(addressing, 'Choose one of the forms of address.').default('automatic'),
})

const secretsSchema = z.strictObject({
  accessKeyId: z.string().trim().min(1, 'Give the access key’s ID.').max(256),
  secretAccessKey: z.string().trim().min(1, 'Give the secret access key.').max(512),
  sessionToken: z.string().trim().max(8192).default(''),
})

/** A bucket of Amazon S3 or of anything that speaks its protocol. */
export const s3 = defineKind({
  info: {
    id: 's3',
    label: 'S3 or compatible',
    summary: 'A bucket of Amazon S3, Cloudflare R2, Backblaze B2, Hetzner, MinIO and the like.',
    offSite: true,
    fields: [
      field({ key: 'bucket', label: 'Bucket', type: 'text', example: 'shop-backups' }),
      field({
        key: 'endpoint',
        label: 'Endpoint',
        type: 'text',
        required: false,
        hint: 'Empty for Amazon’s own.',
        example: 'https://s3.example.com',
      }),
      field({
        key: 'region',
        label: 'Region',
        type: 'text',
        default: 'us-east-1',
        required: false,
      }),
      field({
        key: 'folder',
        label: 'Folder in the bucket',
        type: 'text',
        required: false,
        example: 'quayside',
      }),
      field({
        key: 'addressing',
        label: 'Form of address',
        type: 'select',
        required: false,
        default: 'automatic',
        hint: 'Whether the bucket stands in the path or in front of the host name.',
        options: [
          { value: 'automatic', label: 'Automatic: in the path where there is an endpoint' },
          { value: 'path', label: 'In the path' },
          { value: 'host', label: 'In the host name' },
        ],
      }),
      field({ key: 'accessKeyId', label: 'Access key ID', type: 'secret' }),
      field({ key: 'secretAccessKey', label: 'Secret access key', type: 'secret' }),
      field({
        key: 'sessionToken',
        label: 'Session token',
        type: 'secret',
        required: false,
        hint: 'For credentials that expire; Quayside can’t renew them.',
      }),
    ],
  },
  config: configSchema,
  secrets: secretsSchema,
  place: ({ endpoint, bucket, folder }) =>
    [endpoint === '' ? 'amazonaws.com' : endpoint.replace(/^https?:\/\//, ''), bucket, folder]
      .filter((part) => part !== '')
      .join('/'),
  open: createBucketDriver,
})
