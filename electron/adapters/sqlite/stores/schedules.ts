import * as z from 'zod'
import { scheduleIdSchema, scheduleInputSchema } from '../../../../shared/contract/schedules.ts'
import type { ScheduleRecord, ScheduleStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { createTable, json, jsonValue, text, whole } from '../table.ts'

const scheduleRow: z.ZodType<ScheduleRecord> = z.strictObject({
  id: scheduleIdSchema,
  plan: jsonValue(scheduleInputSchema),
  createdAt: z.int(),
  nextRunAt: z.int().nullable(),
  lastRunAt: z.int().nullable(),
  missed: z.int(),
})

const columns = {
  id: text('id'),
  plan: json('plan'),
  createdAt: whole('created_at'),
  nextRunAt: whole('next_run_at'),
  lastRunAt: whole('last_run_at'),
  missed: whole('missed'),
}

/** Schedules, oldest first. */
export function createScheduleStore(connection: Connection): ScheduleStore {
  const table = createTable<ScheduleRecord>({
    connection,
    name: 'schedules',
    columns,
    row: scheduleRow,
  })
  return {
    list: () => table.all('ORDER BY created_at, id'),
    get: (id) => table.get('WHERE id = ?', id),
    insert: (record) => void table.insert(record),
    update: (id, change) => void table.update(change, 'id = ?', id),
    remove: (id) => void connection.run('DELETE FROM schedules WHERE id = ?', id),
    // Of two processes that find it due, the one whose update finds the planned time still there runs.
    claim: (id, planned, change) =>
      table.update(change, 'id = ? AND next_run_at IS ?', id, planned) === 1,
  }
}
