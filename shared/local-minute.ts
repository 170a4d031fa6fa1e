/**
 * A moment in the words of this computer's clock, with the name of its zone: `2026-11-22 15:06 CET`.
 * @param time in ms since 1970
 * @param timeZone another zone than this computer's, by its IANA name
 */
export function localMinute(time: number, timeZone?: string): string {
  // Sweden writes dates as ISO 8601 has them.
  return new Intl.DateTimeFormat('sv-SE', {
    ...(timeZone !== undefined && { timeZone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(time)
}
