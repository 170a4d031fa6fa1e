import * as z from 'zod'
import { errorDataSchema } from '../errors.ts'
import { methods } from './method.ts'

/** Where passwords are kept, and whether that place is open. */
export const secretsStatusSchema = z.strictObject({
  place: z.enum(['keychain', 'vault']),
  state: z.enum(['ready', 'locked', 'absent']),
  error: errorDataSchema.nullable(),
})
export type SecretsStatus = z.infer<typeof secretsStatusSchema>

const vaultPassphrase = z
  .string()
  .min(12, 'Use at least 12 characters.')
  .max(1024, 'Use 1,024 characters at most.')

export const secretsMethods = methods({
  'secrets.status': { input: z.strictObject({}), output: secretsStatusSchema },
  /** Chooses the vault file in place of a keychain that is absent, and opens it. */
  'secrets.createVault': {
    input: z.strictObject({ passphrase: vaultPassphrase }),
    output: secretsStatusSchema,
  },
  'secrets.unlockVault': {
    input: z.strictObject({ passphrase: z.string().min(1).max(1024) }),
    output: secretsStatusSchema,
  },
})
