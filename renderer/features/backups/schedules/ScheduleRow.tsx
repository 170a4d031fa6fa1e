import { Button, Menu } from '@mantine/core'
import { IconAlertTriangle, IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { ScheduleView } from '../../../../shared/contract/schedules.ts'
import { noValue, plural } from '../../../lib/format.ts'
import { Age, Until } from '../../../ui/Age.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { showError } from '../../../ui/toasts.tsx'
import { databasesQuery } from '../../databases/queries.ts'
import { hostsQuery } from '../../hosts/queries.ts'
import { useRunSchedule, useSaveSchedule } from './queries.ts'
import { cronWords, inputOf, retentionWords, scopeWords } from './schedule-form.ts'
import classes from './Schedules.module.css'

/** One schedule: what it takes in, when it runs, and what it missed. */
export function ScheduleRow(props: { schedule: ScheduleView; onRemove: () => void }) {
  const { schedule, onRemove } = props
  const { id, name, scope, cron, timeZone, enabled, missed, databaseIds } = schedule
  const [, navigate] = useLocation()
  const databases = useQuery(databasesQuery).data ?? []
  const hosts = useQuery(hostsQuery).data ?? []
  const run = useRunSchedule()
  const save = useSaveSchedule()
  const edit = () => {
    navigate(`/backups/schedules/${id}`)
  }
  return (
    <div
      role="row"
      tabIndex={0}
      aria-label={name}
      className={classes.row}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) edit()
      }}
    >
      <span role="cell" className={classes.cell}>
        <span className={classes.name}>{name}</span>
        <span className={classes.second}>
          keeps {retentionWords(schedule)}
          {schedule.testRestore !== 'never' && `; test restore ${schedule.testRestore}`}
        </span>
      </span>
      <span role="cell" className={classes.cell}>
        {scopeWords(scope, databases, hosts)}
        <span className={classes.second}>{plural(databaseIds.length, 'database')} now</span>
      </span>
      <span role="cell" className={classes.cell}>
        {cronWords(cron)}
        <span className={classes.second}>{timeZone}</span>
      </span>
      <span role="cell" className={classes.cell}>
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
      </span>
      <span role="cell" className={classes.cell}>
        {schedule.lastRunAt === null ? 'Never' : <Age at={schedule.lastRunAt} />}
        {missed > 0 && (
          <span className={classes.missed}>
            <IconAlertTriangle size={12} stroke={1.6} aria-hidden /> {missed} missed
          </span>
        )}
      </span>
      <span role="cell" className={classes.actions}>
        <Button
          size="xs"
          aria-label={`Run ${name} now`}
          loading={run.isPending}
          onClick={() => {
            run.mutate(id)
          }}
        >
          Run now
        </Button>
        <Menu width={176}>
          <Menu.Target>
            <IconButton label={`More for ${name}`} framed>
              <IconDots size={16} stroke={1.5} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={edit}>Edit schedule</Menu.Item>
            <Menu.Item
              disabled={save.isPending}
              onClick={() => {
                const input = { ...inputOf(schedule), enabled: !enabled }
                save.mutate({ id, input }, { onError: showError })
              }}
            >
              {enabled ? 'Turn off' : 'Turn on'}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item c="var(--q-fail)" onClick={onRemove}>
              Remove…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </div>
  )
}
