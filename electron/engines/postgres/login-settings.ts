/** Each with the version that has it first: an older server refuses a login that asks for it. */
const settings = [
  // A server that waits for a lock does not see that its client has gone, and would keep what it has
  // locked until it gets that one too. So it looks from time to time.
  { setting: 'client_connection_check_interval=5s', since: 14 },
  // An event trigger on logins is no part of the work. It may refuse it, or write rows that no backup has.
  { setting: 'event_triggers=off', since: 17 },
]

/**
 * What a login to a server of ours is set to, as PGOPTIONS. Only a superuser may say all of it, which the
 * user of a server of ours is from the start.
 * @param version of the server; undefined where it is not ours, or the login is no superuser's
 */
export function loginSettings(version: string | undefined): string {
  const major = Number.parseInt(version ?? '', 10)
  return settings
    .filter(({ since }) => major >= since)
    .map(({ setting }) => `-c ${setting}`)
    .join(' ')
}
