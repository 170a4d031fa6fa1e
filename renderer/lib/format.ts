import { byteScale, formatBytes, scaleBytes } from '../../shared/sizes.ts'

export { formatBytes }

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Stands where there is no value. */
export const noValue = '–'

/**
 * Two sizes with the unit of the larger: `2.9 / 4 GB`, or `61.0 of 154 MB`. A part that would be lost
 * in that unit has its own: `32.3 MB / 25.3 GB`.
 */
export function formatBytesOf(part: number, whole: number, between = ' of '): string {
  const { unit, divisor } = byteScale(whole)
  if (part > 0 && part / divisor < 0.1) return `${formatBytes(part)}${between}${formatBytes(whole)}`
  // A limit is mostly a round number: `2.9 / 4 GB`.
  const limit = scaleBytes(whole, divisor).replace(/\.0$/, '')
  return `${scaleBytes(part, divisor)}${between}${limit} ${unit}`
}

/** A limit, mostly a round number: `4 GB`. */
export function formatLimit(bytes: number): string {
  return formatBytes(bytes).replace('.0 ', ' ')
}

/** `61.0 of 154 MB`, or the plain size while the whole is not known. */
export function bytesSoFar(bytes: number, totalBytes: number | null): string {
  return totalBytes === null ? formatBytes(bytes) : formatBytesOf(bytes, totalBytes)
}

/** Bytes per second: `11.0 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`
}

/** `22 %`; below ten with one digit after the point, unless it is zero. */
export function formatPercent(percent: number): string {
  const digits = percent >= 0.05 && percent < 9.95 ? 1 : 0
  return `${percent.toFixed(digits)} %`
}

/** A count with thousands separated: `1,204`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB')
}

/** One noun or many: `1 host`, `3 hosts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** How long something took: `18 ms`, `0.4 s`, `14 s`, `2 min 10 s`, `3 h 5 min`, `41 d 6 h`. */
export function formatDuration(ms: number): string {
  const span = Math.max(0, ms)
  if (span < 0.5) return '< 1 ms'
  if (span < 100) return `${Math.round(span)} ms`
  if (span < 9.95 * second) return `${(span / second).toFixed(1)} s`
  const seconds = Math.round(span / second)
  if (seconds < 60) return `${seconds} s`
  if (span < 10 * minute) return twoUnits(seconds, 60, 'min', 's')
  const minutes = Math.round(span / minute)
  if (minutes < 60) return `${minutes} min`
  if (span < 48 * hour) return twoUnits(minutes, 60, 'h', 'min')
  return twoUnits(Math.round(span / hour), 24, 'd', 'h')
}

function twoUnits(count: number, perUnit: number, large: string, small: string): string {
  const whole = Math.floor(count / perUnit)
  const rest = count % perUnit
  return rest === 0 ? `${whole} ${large}` : `${whole} ${large} ${rest} ${small}`
}

/** A span in its one largest unit, for ages and countdowns: `18 s`, `38 min`, `26 h`, `3 d`. */
export function formatSpan(ms: number): string {
  const span = Math.max(0, ms)
  if (span < minute) return `${Math.floor(span / second)} s`
  if (span < hour) return `${Math.floor(span / minute)} min`
  if (span < 48 * hour) return `${Math.floor(span / hour)} h`
  return `${Math.floor(span / day)} d`
}

/** What is left of a span, rounded up, so that a promise of 7 d does not begin as 6: `18 s`, `7 d`. */
export function formatLeft(ms: number): string {
  const span = Math.max(0, ms)
  const unit = span < minute ? second : span < hour ? minute : span < 48 * hour ? hour : day
  return formatSpan(Math.ceil(span / unit) * unit)
}

/** How long ago, up to 7 d, then the date: `just now`, `38 min ago`, `19 Nov`. */
export function formatAge(at: number, now: number): string {
  const span = now - at
  if (span < 5 * second) return 'just now'
  if (span < 7 * day) return `${formatSpan(span)} ago`
  return formatDate(at, now)
}

/** A day: `19 Nov`, with the year when it is not this one. */
export function formatDate(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Date(at).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(!sameYear && { year: 'numeric' }),
  })
}

// Made once: making one costs more than all that is formatted by it on a screen.
const exact = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
})

/** The exact moment with its zone, for hovering: `21 Nov 2025, 14:05:02 CET`. */
export function formatExact(at: number): string {
  return exact.format(at)
}

/** The time of day: `14:05`. */
export function formatClock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

/** The heading a list of past things groups a day under: `Today`, `Yesterday`, `Thursday`, `19 Nov`. */
export function formatDay(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days < 7) return new Date(at).toLocaleDateString('en-GB', { weekday: 'long' })
  return formatDate(at, now)
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}
