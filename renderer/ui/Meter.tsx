import classes from './Meter.module.css'

/** How full something is: 4 px, grey, warning from 90 %. */
export function Meter({ part, whole, label }: { part: number; whole: number; label: string }) {
  const percent = whole <= 0 ? 0 : Math.min(100, (part / whole) * 100)
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
      className={classes.meter}
    >
      <div
        className={percent >= 90 ? `${classes.part} ${classes.warn}` : classes.part}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}

/** Work in progress; without a known whole only its track is drawn. */
export function WorkBar({ part, whole }: { part: number; whole: number | null }) {
  const percent = whole === null || whole <= 0 ? 0 : Math.min(100, (part / whole) * 100)
  return (
    <div
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      {...(whole !== null && { 'aria-valuenow': Math.round(percent) })}
      className={classes.meter}
    >
      <div className={`${classes.part} ${classes.work}`} style={{ width: `${percent}%` }} />
    </div>
  )
}
