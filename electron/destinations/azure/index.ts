import * as z from 'zod'
import { defineKind, endpointSchema, field, prefixSchema } from '../destination.ts'
import { createContainerDriver } from './driver.ts'

const configSchema = z.strictObject({
  account: z
    .string()
    .trim()
    .regex(/^[a-z0-9]{3,24}$/, 'A storage account has 3 to 24 lower-case letters and digits.'),
  container: z
    .string()
    .trim()
    .regex(
      /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}$/,
      'A container has 3 to 63 lower-case letters, digits and single hyphens.',
    ),
  folder: prefixSchema,
  endpoint: endpointSchema('https://account.blob.core.windows.net'),
})

const secretsSchema = z.strictObject({
  credential: z
    .string()
    .trim()
    .min(1, 'Give an access key, a SAS token or a connection string.')
    .max(4096),
})

/** A container of Azure Blob Storage. */
export const azure = defineKind({
  info: {
    id: 'azure',
    label: 'Azure Blob Storage',
    summary: 'A container of a storage account of Microsoft Azure.',
    offSite: true,
    fields: [
      field({ key: 'account', label: 'Storage account', type: 'text', example: 'shopbackups' }),
      field({ key: 'container', label: 'Container', type: 'text', example: 'quayside' }),
      field({ key: 'folder', label: 'Folder in the container', type: 'text', required: false }),
      field({
        key: 'endpoint',
        label: 'Endpoint',
        type: 'text',
        required: false,
        hint: 'Empty for Azure’s own.',
      }),
      field({
        key: 'credential',
        label: 'Access key, SAS token or connection string',
        type: 'secret',
        hint: 'A SAS token has to allow reading, writing, listing and deleting.',
      }),
    ],
  },
  config: configSchema,
  secrets: secretsSchema,
  place: ({ account, container, folder }) =>
    [account, container, folder].filter((part) => part !== '').join('/'),
  open: createContainerDriver,
})
