import * as z from 'zod'
import { databaseIdSchema } from './databases.ts'
import { portSchema } from './hosts.ts'
import { methods } from './method.ts'

const tunnelClientSchema = z.strictObject({
  /** Its end on this computer. */
  address: z.string(),
  /** Waits for the host, at most 20 s, or is connected to the database. */
  state: z.enum(['waiting', 'connected']),
  since: z.number(),
  /** From the program to the database. */
  bytesSent: z.number(),
  bytesReceived: z.number(),
  /** Null where the system does not tell. */
  program: z.strictObject({ pid: z.int(), name: z.string() }).nullable(),
})
export type TunnelClientView = z.infer<typeof tunnelClientSchema>

export const tunnelSchema = z.strictObject({
  databaseId: databaseIdSchema,
  /** On this computer's loopback. */
  localPort: portSchema,
  remotePort: portSchema,
  /** The port it had before, held by another program when the tunnel was opened; else null. */
  movedFrom: portSchema.nullable(),
  /** Opened again whenever the app starts, until the user closes it. */
  armed: z.boolean(),
  /**
   * Another program of this installation holds it: as the window sees it, a `quayside` command. Only that
   * one knows its clients and can close it.
   */
  elsewhere: z.boolean(),
  /** Those connected now; SSH is used for them alone. None where it is held elsewhere. */
  clients: z.array(tunnelClientSchema),
  /** Null where it is held elsewhere. */
  openedAt: z.number().nullable(),
})
export type TunnelView = z.infer<typeof tunnelSchema>

export const tunnelMethods = methods({
  /** Those open now, also those that other programs of this installation hold. */
  'tunnels.list': { input: z.strictObject({}), output: z.array(tunnelSchema) },
  /** Opens the tunnel, or answers with the open one; the app also with a command's, and takes over after it. */
  'tunnels.open': {
    input: z.strictObject({ databaseId: databaseIdSchema, localPort: portSchema.optional() }),
    output: tunnelSchema,
  },
  /** Refused with `busy` by the app for one that is held elsewhere. */
  'tunnels.close': {
    input: z.strictObject({ databaseId: databaseIdSchema }),
    output: z.strictObject({}),
  },
})
