/** A stretch of the calendar that a backup can stand for. */
export type Period = 'hour' | 'day' | 'week' | 'month'

/**
 * Names the period that a moment lies in, as the clock on the wall in that zone shows it: two moments
 * with the same name lie in the same one. Weeks begin on Monday (ISO 8601).
 * @param timeZone an IANA name
 */
export function periodNamer(timeZone: string): (at: number, period: Period) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    timeZoneName: 'longOffset',
  })
  return (at, period) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ''
    const month = `${part('year')}-${part('month')}`
    const day = `${month}-${part('day')}`
    switch (period) {
      case 'month':
        return month
      case 'week':
        return mondayOf(day)
      case 'day':
        return day
      // The hour that the end of summer time repeats is two hours: their offsets tell them apart.
      case 'hour':
        return `${day} ${part('hour')} ${part('timeZoneName')}`
    }
  }
}

const dayMs = 86_400_000

function mondayOf(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  const sinceMonday = (new Date(at).getUTCDay() + 6) % 7
  return new Date(at - sinceMonday * dayMs).toISOString().slice(0, 10)
}
