import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import type { MethodOutput } from '../../../shared/contract/index.ts'
import type { Retention, ScheduleInput, ScheduleView } from '../../../shared/contract/schedules.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { localMinute } from '../../../shared/local-minute.ts'
import type { Core } from '../../domain/core.ts'
import { facts, table } from '../table.ts'
import { age } from '../words.ts'

/** What ids in a schedule stand for. */
export interface Names {
  readonly databases: readonly DatabaseView[]
  readonly destinations: readonly DestinationView[]
  readonly hosts: readonly HostView[]
}

export async function namesOf(core: Core, signal: AbortSignal): Promise<Names> {
  const [databases, destinations, hosts] = await Promise.all([
    core.databases.list({}, { signal }),
    core.destinations.list({}, { signal }),
    core.hosts.list({}, { signal }),
  ])
  return { databases, destinations, hosts }
}

/** A schedule with its times, its databases and what it keeps. */
export function describeSchedule(schedule: ScheduleView, names: Names, now: number): string {
  return facts([
    ['Schedule', schedule.name],
    ['Takes in', scopeText(schedule.scope, names)],
    ['Databases', schedule.databaseIds.map((id) => databaseName(id, names)).join(', ') || 'none'],
    ['Runs', `${schedule.cron} (${schedule.timeZone})`],
    ['Next run', nextText(schedule)],
    ['Last run', schedule.lastRunAt === null ? 'never' : age(schedule.lastRunAt, now)],
    ['Missed', schedule.missed === 0 ? null : `${schedule.missed} times before the last run`],
    ['Goes to', schedule.destinationIds.map((id) => destinationName(id, names)).join(', ')],
    ['Form', `${schedule.codec}, ${schedule.encrypt ? 'encrypted' : 'not encrypted'}`],
    ['Keeps', retentionText(schedule.retention)],
    ['Test restore', schedule.testRestore],
  ])
}

/** When it runs next, by this computer's clock. */
export function nextText({ enabled, nextRunAt }: ScheduleView): string {
  if (!enabled) return 'off'
  return nextRunAt === null ? 'never' : localMinute(nextRunAt)
}

/** Next times, databases, and what would go. */
export function describePreview(preview: MethodOutput<'schedules.preview'>, names: Names): string {
  const { nextRuns, databaseIds, removals, onceRead, kept } = preview
  const head = facts([
    ['Next runs', nextRuns.map((at) => localMinute(at)).join(', ')],
    ['Databases', databaseIds.map((id) => databaseName(id, names)).join(', ') || 'none'],
    ['Would stay', `${kept} copies, by what is known of the destinations`],
    ['Would go', removals.length === 0 ? 'none' : String(removals.length)],
    [
      'Would follow',
      onceRead.length === 0 ? null : `${onceRead.length}, once copies have been read back`,
    ],
  ])
  const rows = [...removals, ...onceRead].map((each) => [
    each.databaseName,
    localMinute(each.createdAt),
    formatBytes(each.bytes),
    destinationName(each.destinationId, names),
    each.name,
  ])
  if (rows.length === 0) return head
  return `${head}\n\n${table(['database', 'made', 'stored', 'copy at', 'object'], rows)}`
}

/** Which databases, in words. */
export function scopeText(scope: ScheduleInput['scope'], names: Names): string {
  if (scope.kind === 'database') return databaseName(scope.databaseId, names)
  const host = scope.hostId === undefined ? [] : [`on ${hostName(scope.hostId, names)}`]
  if (scope.kind === 'host') return ['all', ...host].join(' ')
  const { environment, engine, nameContains } = scope
  return [
    'all',
    ...host,
    ...(environment === undefined ? [] : [`in ${environment}`]),
    ...(engine === undefined ? [] : [`of ${engine}`]),
    ...(nameContains === undefined ? [] : [`named like ${nameContains}`]),
  ].join(' ')
}

function retentionText({ last, maxBytes, ...periods }: Retention): string {
  const lines = Object.entries(periods).filter(([, count]) => count > 0)
  return [
    `last ${last}`,
    ...lines.map(([line, count]) => `${line} ${count}`),
    ...(maxBytes === null ? [] : [`at most ${formatBytes(maxBytes)}`]),
  ].join(', ')
}

function databaseName(id: string, { databases }: Names): string {
  return databases.find((each) => each.id === id)?.name ?? id
}

function destinationName(id: string, { destinations }: Names): string {
  return destinations.find((each) => each.id === id)?.name ?? id
}

function hostName(id: string, { hosts }: Names): string {
  return hosts.find((each) => each.id === id)?.name ?? id
}
