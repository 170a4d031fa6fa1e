import { scheduleSchema, type ScheduleView } from '../../shared/contract/schedules.ts'
import type { MethodOutput } from '../../shared/contract/index.ts'
import { backups } from './backups.ts'
import { databases, id, now } from './data.ts'
import { nearId, offSiteId } from './destinations.ts'

const minute = 60_000
const hour = 60 * minute

const production = databases.filter(({ environment }) => environment === 'production')

export const schedules: ScheduleView[] = [
  {
    id: id(850),
    name: 'production',
    scope: { kind: 'rule', environment: 'production' },
    cron: '0 * * * *',
    testRestore: 'monthly',
    nextRunAt: now + 22 * minute,
    lastRunAt: now - 38 * minute,
    missed: 2,
    databaseIds: production.map((each) => each.id),
  },
  {
    id: id(851),
    name: 'the rest, at night',
    scope: { kind: 'host', hostId: id(2) },
    cron: '15 2 * * 1-5',
    nextRunAt: now + 13 * hour,
    lastRunAt: now - 9 * hour,
    databaseIds: [id(103), id(106), id(107)],
  },
  {
    id: id(852),
    name: 'wiki',
    scope: { kind: 'database', databaseId: id(108) },
    cron: '30 3 * * 0',
    enabled: false,
    nextRunAt: null,
    lastRunAt: null,
    databaseIds: [id(108)],
  },
].map((each) =>
  scheduleSchema.parse({
    timeZone: 'Europe/Berlin',
    destinationIds: [nearId, offSiteId],
    retention: { last: 3, hourly: 24, daily: 7, weekly: 4, monthly: 6 },
    createdAt: now - 900 * hour,
    missed: 0,
    ...each,
  }),
)

/** What the invented schedule would do. */
export function schedulePreview(): MethodOutput<'schedules.preview'> {
  return {
    nextRuns: [22, 82, 142, 202, 262].map((minutes) => now + minutes * minute),
    databaseIds: production.map((each) => each.id),
    removals: backups.slice(2, 5).flatMap(({ databaseName, createdAt, copies }) =>
      copies.map(({ destinationId, name, bytes }) => ({
        databaseName,
        destinationId,
        name,
        createdAt,
        bytes,
      })),
    ),
    onceRead: backups.slice(5, 6).flatMap(({ databaseName, createdAt, copies }) =>
      copies.map(({ destinationId, name, bytes }) => ({
        databaseName,
        destinationId,
        name,
        createdAt,
        bytes,
      })),
    ),
    kept: 38,
  }
}
