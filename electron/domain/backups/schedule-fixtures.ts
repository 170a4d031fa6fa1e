import { scheduleIdSchema, scheduleInputSchema } from '../../../shared/contract/schedules.ts'
import type { ScheduleInput } from '../../../shared/contract/schedules.ts'
import type { ScheduleRecord } from '../ports.ts'

/** For tests: every day at 3:30 in UTC, of all databases, to a destination that need not exist. */
export function somePlan(change: Partial<ScheduleInput> = {}): ScheduleInput {
  const usual = {
    name: 'nightly',
    scope: { kind: 'rule' },
    cron: '30 3 * * *',
    timeZone: 'UTC',
    jitterSeconds: 0,
    destinationIds: ['2f0c5d1e-7a11-4b8e-9a39-0f7b0c1d2e3f'],
    encrypt: false,
    retention: { last: 2 },
  }
  return { ...scheduleInputSchema.parse(usual), ...change }
}

/** For tests: a schedule that has not run yet. */
export function someSchedule(
  plan: Partial<ScheduleInput> = {},
  change: Partial<ScheduleRecord> = {},
): ScheduleRecord {
  return {
    id: scheduleIdSchema.parse(crypto.randomUUID()),
    plan: somePlan(plan),
    createdAt: 1,
    nextRunAt: null,
    lastRunAt: null,
    missed: 0,
    ...change,
  }
}
