import * as z from 'zod'
import { databaseSchema, mostRead } from './contract/databases.ts'
import { destinationCheckSchema } from './contract/destinations.ts'
import { hostCheckSchema, hostIdSchema } from './contract/hosts.ts'
import { jobProgressSchema } from './contract/jobs.ts'
import { logNewsSchema } from './contract/logs.ts'
import { statsNewsSchema } from './contract/metrics.ts'
import { placeSchema } from './places.ts'

/** The topics a view can depend on; every query key of the window starts with one. */
export const topics = [
  /** The app itself: what it can't keep, an update, its end. */
  'app',
  'hosts',
  'databases',
  'jobs',
  'tunnels',
  'destinations',
  'backups',
  'schedules',
  'secrets',
  'settings',
] as const

/** Everything the core tells its faces without being asked. */
export const eventSchema = z.discriminatedUnion('type', [
  /**
   * Something of a topic is new; `ids` where it is known of which databases or jobs, and of no other.
   * Databases come along to a window as they are now, those that are left of the ids: it need not ask.
   */
  z.strictObject({
    type: z.literal('changed'),
    topic: z.enum(topics),
    ids: z.array(z.uuid()).max(mostRead).optional(),
    databases: z.array(databaseSchema).max(mostRead).optional(),
  }),
  z.strictObject({ type: z.literal('job-progress'), progress: jobProgressSchema }),
  z.strictObject({ type: z.literal('host-check'), check: hostCheckSchema }),
  z.strictObject({ type: z.literal('destination-check'), check: destinationCheckSchema }),
  /** Numbers of the databases on one host that someone looks at; all of one beat together. */
  z.strictObject({ type: z.literal('stats'), hostId: hostIdSchema, samples: statsNewsSchema }),
  z.strictObject({ type: z.literal('log'), news: logNewsSchema }),
  /** The user wants to be at a place: from the tray, or by a click on a notification. */
  z.strictObject({ type: z.literal('navigate'), place: placeSchema }),
])

export type QuaysideEvent = z.infer<typeof eventSchema>
