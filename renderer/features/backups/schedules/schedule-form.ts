import type { DatabaseView } from '../../../../shared/contract/databases.ts'
import type { HostView } from '../../../../shared/contract/hosts.ts'
import type { MethodInput, MethodOutput } from '../../../../shared/contract/index.ts'
import {
  scheduleInputSchema,
  type ScheduleId,
  type ScheduleInput,
  type ScheduleScope,
  type ScheduleView,
} from '../../../../shared/contract/schedules.ts'
import { environmentLabels } from '../../../../shared/names.ts'

/** Times that most want; anything else is written as cron has it. */
export const presets = [
  { value: '0 * * * *', label: 'Every hour' },
  { value: '30 3 * * *', label: 'Every day' },
  { value: '30 3 * * 0', label: 'Every week' },
  { value: '30 3 1 * *', label: 'Every month' },
] as const

/** How often a backup is proven by restoring it. */
export const testRestores = [
  { value: 'never', label: 'Never' },
  { value: 'weekly', label: 'Every week' },
  { value: 'monthly', label: 'Every month' },
] as const

const gigabyte = 1e9

/** A new schedule: all databases, every day, with what most keep. */
export function emptySchedule(
  timeZone: string,
  destinationIds: ScheduleInput['destinationIds'],
): ScheduleInput {
  return {
    name: '',
    scope: { kind: 'rule' },
    cron: '30 3 * * *',
    timeZone,
    jitterSeconds: 60,
    destinationIds,
    codec: 'zstd',
    encrypt: true,
    retention: { last: 3, hourly: 0, daily: 7, weekly: 4, monthly: 6, maxBytes: null },
    // Somebody who makes one anew is shown what proves a backup; those that are there stay as they are.
    testRestore: 'monthly',
    enabled: true,
  }
}

/** What can be changed of a schedule that is kept. */
export function inputOf(schedule: ScheduleView): ScheduleInput {
  const { name, scope, cron, timeZone, jitterSeconds } = schedule
  const { destinationIds, codec, encrypt, retention, testRestore, enabled } = schedule
  return {
    name,
    scope,
    cron,
    timeZone,
    jitterSeconds,
    destinationIds,
    codec,
    encrypt,
    retention,
    testRestore,
    enabled,
  }
}

/** The first fault of each field, by its dotted path. */
export function faultsOf(input: ScheduleInput): Record<string, string> {
  const faults: Record<string, string> = {}
  for (const { path, message } of scheduleInputSchema.safeParse(input).error?.issues ?? []) {
    faults[path.join('.')] ??= message
  }
  return faults
}

/**
 * What a dry run is asked about: of a new schedule, or of a kept one as it would be changed. Null while
 * something is missing.
 */
export function dryRunOf(
  input: ScheduleInput,
  id: ScheduleId | null,
): MethodInput<'schedules.preview'> | null {
  // A name is no part of what would be done, and its lack keeps nobody from seeing that.
  const dry = { ...input, name: 'new' }
  if (Object.keys(faultsOf(dry)).length > 0) return null
  return id === null ? dry : { ...dry, id }
}

/** Whether any backup would go, now or later. */
export function wouldRemove({ removals, onceRead }: MethodOutput<'schedules.preview'>): boolean {
  return removals.length + onceRead.length > 0
}

/** Which databases a schedule takes in, in words. */
export function scopeWords(
  scope: ScheduleScope,
  databases: readonly DatabaseView[],
  hosts: readonly HostView[],
): string {
  const hostName = (id: string | undefined) =>
    hosts.find((each) => each.id === id)?.name ?? 'a host that is gone'
  switch (scope.kind) {
    case 'database':
      return databases.find(({ id }) => id === scope.databaseId)?.name ?? 'A database that is gone'
    case 'host':
      return `All of ${hostName(scope.hostId)}`
    case 'rule': {
      const { hostId, environment, engine, nameContains } = scope
      const parts = [
        environment === undefined ? null : environmentLabels[environment],
        engine ?? null,
        hostId === undefined ? null : `on ${hostName(hostId)}`,
        nameContains === undefined ? null : `named *${nameContains}*`,
      ].filter((part) => part !== null)
      return parts.length === 0 ? 'All databases' : parts.join(', ')
    }
  }
}

/** A preset's name, or the cron line itself. */
export function cronWords(cron: string): string {
  return presets.find(({ value }) => value === cron)?.label ?? cron
}

/** What a policy keeps, in short: `last 3, 7 d, 4 w, 6 mo`. */
export function retentionWords({ retention }: ScheduleInput): string {
  const { last, hourly, daily, weekly, monthly } = retention
  const parts = [
    `last ${last}`,
    hourly > 0 ? `${hourly} h` : null,
    daily > 0 ? `${daily} d` : null,
    weekly > 0 ? `${weekly} w` : null,
    monthly > 0 ? `${monthly} mo` : null,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

/** A limit as typed in gigabytes; null where there is none. */
export function limitOf(typed: string | number): number | null {
  const value = Number(typed)
  return typed === '' || !Number.isFinite(value) || value <= 0 ? null : value * gigabyte
}

/** A limit in gigabytes, for its field. */
export function gigabytesOf(limit: number | null): number | '' {
  return limit === null ? '' : limit / gigabyte
}
