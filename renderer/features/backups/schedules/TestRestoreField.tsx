import { SegmentedControl } from '@mantine/core'
import type { ScheduleInput } from '../../../../shared/contract/schedules.ts'
import { testRestores } from './schedule-form.ts'
import classes from './Schedules.module.css'

/** How often a backup is proven by restoring it. */
export function TestRestoreField(props: {
  value: ScheduleInput['testRestore']
  onChange: (value: ScheduleInput['testRestore']) => void
}) {
  return (
    <div>
      <div className={classes.label}>Test restore</div>
      <SegmentedControl
        size="xs"
        aria-label="Test restore"
        value={props.value}
        data={[...testRestores]}
        onChange={(value) => {
          props.onChange(testRestores.find((each) => each.value === value)?.value ?? 'never')
        }}
      />
      <p className={classes.quiet}>
        After a backup that is due for it: into a throw-away container on the database’s host, where
        every table’s rows are counted. Nothing of it stays.
      </p>
    </div>
  )
}
