import pg from 'pg'

/** Settings that hold a list of names, each of them quoted where it needs to be. */
const lists = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

/** `SET name TO value` of a setting as PostgreSQL keeps it, `name=value`. */
export function setClause(setting: string): string {
  const split = setting.indexOf('=')
  const name = setting.slice(0, split)
  const value = setting.slice(split + 1)
  const values = lists.has(name.toLowerCase()) ? splitNames(value) : [value]
  // An extension's setting has a point in its name.
  const quoted = name
    .split('.')
    .map((part) => pg.escapeIdentifier(part))
    .join('.')
  const written = values.length === 0 ? "''" : values.map((one) => pg.escapeLiteral(one)).join(', ')
  return `SET ${quoted} TO ${written}`
}

/** `"$user", public, "a,""b"` as the names it means. */
function splitNames(list: string): string[] {
  const names: string[] = []
  for (const [, quoted, bare] of list.matchAll(
    /\s*(?:"((?:[^"]|"")*)"|([^\s",][^,]*?))\s*(?:,|$)/g,
  )) {
    if (quoted !== undefined) names.push(quoted.replaceAll('""', '"'))
    else if (bare !== undefined) names.push(bare)
  }
  return names
}
