/**
 * The beginning of scripts whose answer comes in named parts. PATH is widened, as sshd's default
 * leaves out where programs of an administrator lie.
 */
export const partsPrelude = `
PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export LC_ALL=C
part() { printf '\\n== %s\\n' "$1"; }
`

/** The text of each part; what is missing is the empty string. */
export function partsOf(text: string): (name: string) => string {
  const parts = new Map<string, string>()
  for (const chunk of text.split(/^== /m).slice(1)) {
    const end = chunk.indexOf('\n')
    if (end >= 0) parts.set(chunk.slice(0, end), chunk.slice(end + 1).trim())
  }
  return (name) => parts.get(name) ?? ''
}
