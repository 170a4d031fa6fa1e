import { join, resolve } from 'node:path'

/**
 * The folder that holds all of Quayside's data: `QUAYSIDE_HOME`, else where this system keeps the data
 * of a person's programs. It need not exist yet.
 */
export function dataHome(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homedir: string,
): string {
  const chosen = given(env['QUAYSIDE_HOME'])
  if (chosen !== undefined) return resolve(chosen)
  if (platform === 'darwin') return join(homedir, 'Library', 'Application Support', 'Quayside')
  if (platform === 'win32')
    return join(given(env['APPDATA']) ?? join(homedir, 'AppData', 'Roaming'), 'Quayside')
  return join(given(env['XDG_DATA_HOME']) ?? join(homedir, '.local', 'share'), 'quayside')
}

/** A variable that is set to nothing counts as not set. */
function given(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value
}
