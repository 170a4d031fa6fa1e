import { NumberInput } from '@mantine/core'
import type { Retention } from '../../../../shared/contract/schedules.ts'
import { gigabytesOf, limitOf } from './schedule-form.ts'
import classes from './Schedules.module.css'

const lines = [
  { key: 'last', label: 'Last' },
  { key: 'hourly', label: 'Hourly' },
  { key: 'daily', label: 'Daily' },
  { key: 'weekly', label: 'Weekly' },
  { key: 'monthly', label: 'Monthly' },
] as const

/** How many backups of each database stay at each destination. */
export function RetentionFields(props: {
  retention: Retention
  errorOf: (line: string) => string | undefined
  onChange: (retention: Retention) => void
}) {
  const { retention, errorOf, onChange } = props
  return (
    <fieldset className={classes.group}>
      <legend className={classes.label}>Keeps of each database</legend>
      <div className={classes.row6}>
        {lines.map(({ key, label }) => (
          <NumberInput
            key={key}
            label={label}
            hideControls
            allowDecimal={false}
            allowNegative={false}
            max={1000}
            clampBehavior="strict"
            value={retention[key]}
            error={errorOf(key)}
            onChange={(value) => {
              onChange({ ...retention, [key]: Number(value) })
            }}
          />
        ))}
        <NumberInput
          label="At most, GB"
          placeholder="no limit"
          hideControls
          allowNegative={false}
          value={gigabytesOf(retention.maxBytes)}
          onChange={(value) => {
            onChange({ ...retention, maxBytes: limitOf(value) })
          }}
        />
      </div>
      <p className={classes.quiet}>
        What no line keeps is removed after the next backup. The newest verified one always stays,
        and a limit of size takes none of the last ones.
      </p>
    </fieldset>
  )
}
