import * as z from 'zod'

/** What the network between laptop and host is like. */
export const weather = z.object({
  /** Added in each direction, in milliseconds; throughput stays. */
  delay: z.number().min(0).max(60_000),
  /** Bytes per second in each direction and connection; null for no limit. */
  rate: z.number().positive().nullable(),
  /** No byte passes; connections stay. */
  stalled: z.boolean(),
  /** Nobody answers on the port. */
  refusing: z.boolean(),
})
export type Weather = z.infer<typeof weather>

export const fine: Weather = { delay: 0, rate: null, stalled: false, refusing: false }

/** What is said to the proxy, a JSON line each; it answers each with a line, `ok` or the error. */
export const order = z.discriminatedUnion('do', [
  /** Stands in front of this address. Said again, it changes nothing but the address. */
  z.object({
    do: z.literal('serve'),
    host: z.string(),
    port: z.int(),
    target: z.object({ host: z.string(), port: z.int() }),
  }),
  /** Changes the weather before a host. */
  z.object({ do: z.literal('weather'), host: z.string(), weather }),
  /** Resets all connections there are. */
  z.object({ do: z.literal('cut'), host: z.string() }),
])
export type Order = z.infer<typeof order>
