/**
 * What a login to a server of ours is set to, as PGOPTIONS: an event trigger on logins (since 17) is no
 * part of the work. It may refuse it, or write rows that no backup has. Only a superuser may say so,
 * which the user of a server of ours is from the start.
 * @param version of the server; undefined where it is not ours, or the login is no superuser's
 */
export function loginSettings(version: string | undefined): string {
  return Number.parseInt(version ?? '', 10) >= 17 ? '-c event_triggers=off' : ''
}
