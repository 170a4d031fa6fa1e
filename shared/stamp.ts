/**
 * A moment as names bear it: `YYYYMMDD-HHMMSS` in UTC.
 * @param time in ms since 1970
 */
export function stampOf(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T')
  return `${date.replaceAll('-', '')}-${clock.slice(0, 8).replaceAll(':', '')}`
}
