import { Button, Menu } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { MethodOutput } from '../../../../shared/contract/index.ts'
import type { ScheduleView } from '../../../../shared/contract/schedules.ts'
import { noValue, plural } from '../../../lib/format.ts'
import { ActionCell, ActionRow, NameCell } from '../../../ui/ActionTable.tsx'
import { Age, Until } from '../../../ui/Age.tsx'
import { showError } from '../../../ui/toasts.tsx'
import { databasesQuery } from '../../databases/queries.ts'
import { hostsQuery } from '../../hosts/queries.ts'
import { useRunSchedule, useTurnSchedule } from './queries.ts'
import { cronWords, retentionWords, scopeWords } from './schedule-form.ts'
import classes from './Schedules.module.css'

/** One schedule: what it takes in, when it runs, and what it missed. */
export function ScheduleRow(props: {
  schedule: ScheduleView
  onRemove: () => void
  /** It is not turned on or off yet: backups would go, as the dry run says. */
  onAsk: (preview: MethodOutput<'schedules.preview'>) => void
}) {
  const { schedule, onRemove, onAsk } = props
  const { id, name, scope, cron, timeZone, enabled, missed, databaseIds, testRestore } = schedule
  const [, navigate] = useLocation()
  const databases = useQuery(databasesQuery).data ?? []
  const hosts = useQuery(hostsQuery).data ?? []
  const run = useRunSchedule()
  const turn = useTurnSchedule(schedule)
  const edit = () => {
    navigate(`/backups/schedules/${id}`)
  }
  return (
    <ActionRow
      name={name}
      onOpen={edit}
      onRemove={onRemove}
      menuWidth={176}
      action={
        <Button
          size="xs"
          aria-label={`Run now: ${name}`}
          loading={run.isPending}
          onClick={() => {
            run.mutate(id)
          }}
        >
          Run now
        </Button>
      }
      menu={
        <>
          <Menu.Item onClick={edit}>Edit schedule</Menu.Item>
          <Menu.Item
            disabled={turn.isPending}
            onClick={() => {
              turn.mutate(!enabled, {
                onSuccess: (preview) => {
                  if (preview !== null) onAsk(preview)
                },
                onError: showError,
              })
            }}
          >
            {enabled ? 'Turn off' : 'Turn on'}
          </Menu.Item>
        </>
      }
    >
      <NameCell name={name} second={`keeps ${retentionWords(schedule)}`} />
      <ActionCell
        second={
          testRestore === 'never'
            ? `${plural(databaseIds.length, 'database')} now`
            : `${databaseIds.length} tested ${testRestore}`
        }
      >
        {scopeWords(scope, databases, hosts)}
      </ActionCell>
      <ActionCell second={timeZone}>{cronWords(cron)}</ActionCell>
      <ActionCell>
        {schedule.nextRunAt === null ? (
          enabled ? (
            noValue
          ) : (
            'Off'
          )
        ) : (
          <>
            in <Until at={schedule.nextRunAt} />
          </>
        )}
      </ActionCell>
      <ActionCell>
        {schedule.lastRunAt === null ? 'Never' : <Age at={schedule.lastRunAt} />}
        {missed > 0 && (
          <span className={classes.missed}>
            <IconAlertTriangle size={12} stroke={1.6} aria-hidden /> {missed} missed
          </span>
        )}
      </ActionCell>
    </ActionRow>
  )
}
