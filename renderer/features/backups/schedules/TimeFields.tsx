import { NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { ScheduleInput } from '../../../../shared/contract/schedules.ts'
import { presets } from './schedule-form.ts'
import classes from './Schedules.module.css'

const own = 'own'

/** When a schedule runs: a preset or a line as cron has it, in a time zone, spread a little. */
export function TimeFields(props: {
  input: ScheduleInput
  cronError: string | undefined
  zoneError: string | undefined
  onChange: (part: Partial<ScheduleInput>) => void
}) {
  const { input, cronError, zoneError, onChange } = props
  const { cron, timeZone, jitterSeconds } = input
  const zones = useMemo(
    () => [...new Set([timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])],
    [timeZone],
  )
  return (
    <div>
      <div className={classes.label}>Runs</div>
      <SegmentedControl
        size="xs"
        aria-label="Runs"
        value={presets.some(({ value }) => value === cron) ? cron : own}
        data={[...presets, { value: own, label: 'As written' }]}
        onChange={(value) => {
          if (value !== own) onChange({ cron: value })
        }}
      />
      <div className={classes.row3}>
        <TextInput
          label="Cron"
          description="Minute, hour, day, month, day of the week."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          classNames={{ input: 'mono' }}
          autoComplete="off"
          spellCheck={false}
          value={cron}
          error={cronError}
          onChange={(event) => {
            onChange({ cron: event.currentTarget.value })
          }}
        />
        <Select
          label="Time zone"
          searchable
          limit={60}
          rightSection={<IconChevronDown size={16} stroke={1.5} />}
          nothingFoundMessage="No such time zone"
          data={zones}
          value={timeZone}
          error={zoneError}
          onChange={(zone) => {
            onChange({ timeZone: zone ?? 'UTC' })
          }}
        />
        <NumberInput
          label="Spread over, s"
          description="So that not all begin at once."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          max={3600}
          clampBehavior="strict"
          value={jitterSeconds}
          onChange={(value) => {
            onChange({ jitterSeconds: Number(value) })
          }}
        />
      </div>
    </div>
  )
}
