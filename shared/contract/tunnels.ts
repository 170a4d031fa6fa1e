import * as z from 'zod'
import { databaseIdSchema } from './databases.ts'
import { portSchema } from './hosts.ts'
import { methods } from './method.ts'

export const tunnelSchema = z.strictObject({
  databaseId: databaseIdSchema,
  /** On this computer's loopback. */
  localPort: portSchema,
  remotePort: portSchema,
  /** Clients connected now. */
  clients: z.int(),
  openedAt: z.number(),
})
export type TunnelView = z.infer<typeof tunnelSchema>

export const tunnelMethods = methods({
  'tunnels.list': { input: z.strictObject({}), output: z.array(tunnelSchema) },
  /** Opens the tunnel, or answers with the open one. */
  'tunnels.open': {
    input: z.strictObject({ databaseId: databaseIdSchema, localPort: portSchema.optional() }),
    output: tunnelSchema,
  },
  'tunnels.close': {
    input: z.strictObject({ databaseId: databaseIdSchema }),
    output: z.strictObject({}),
  },
})
