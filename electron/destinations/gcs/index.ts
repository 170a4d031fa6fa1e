import * as z from 'zod'
import { defineKind, endpointSchema, field, prefixSchema } from '../destination.ts'
import { createBucketDriver } from './driver.ts'

const configSchema = z.strictObject({
  bucket: z
    .string()
    .trim()
    .min(1, 'Give the bucket’s name.')
    .regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, 'That is no name of a bucket.'),
  folder: prefixSchema,
  endpoint: endpointSchema('https://storage.googleapis.com'),
})

/** What of a service account's key file is needed. */
const keyFileSchema = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().startsWith('-----BEGIN'),
})

const secretsSchema = z.strictObject({
  keyFile: z
    .string()
    .trim()
    .min(1, 'Give the key file of a service account.')
    .refine((text) => {
      try {
        return keyFileSchema.safeParse(JSON.parse(text)).success
      } catch {
        return false
      }
    }, 'That is not the JSON key file of a service account.'),
})

/** A bucket of Google Cloud Storage. */
export const gcs = defineKind({
  info: {
    id: 'gcs',
    label: 'Google Cloud Storage',
    summary: 'A bucket of Google Cloud, by the key of a service account.',
    offSite: true,
    fields: [
      field({ key: 'bucket', label: 'Bucket', type: 'text', example: 'shop-backups' }),
      field({ key: 'folder', label: 'Folder in the bucket', type: 'text', required: false }),
      field({
        key: 'endpoint',
        label: 'Endpoint',
        type: 'text',
        required: false,
        hint: 'Empty for Google’s own. One of your own is asked without a login.',
      }),
      field({
        key: 'keyFile',
        label: 'Key of a service account (JSON)',
        type: 'secret',
        multiline: true,
        hint: 'The account needs the role Storage Object Admin on the bucket.',
      }),
    ],
  },
  config: configSchema,
  secrets: secretsSchema,
  place: ({ bucket, folder }) => [bucket, folder].filter((part) => part !== '').join('/'),
  open: (config, { keyFile }, context) => {
    const { client_email: email, private_key: key } = keyFileSchema.parse(JSON.parse(keyFile))
    return createBucketDriver(config, { email, key }, context)
  },
})
