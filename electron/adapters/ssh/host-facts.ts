import * as z from 'zod'
import { hostLost, noShell } from './errors.ts'
import { quoteWords } from './quote.ts'
import type { Link } from './link.ts'

// Runs under any POSIX shell; each line is a name, a tab and a value. PATH is widened as sshd's
// default leaves out where Docker's program often lies.
const script = `
PATH="$PATH:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:/snap/bin"
out() { printf '%s\\t%s\\n' "$1" "$2"; }
uid=$(id -u)
out user "$(id -un)"
out uid "$uid"
out groups "$(id -Gn)"
out os "$(. /etc/os-release 2>/dev/null && printf %s "$PRETTY_NAME")"
out kernel "$(uname -sr)"
out dockerHost "$DOCKER_HOST"
out program "$(command -v docker)"
out sudo "$(command -v sudo)"
run="\${XDG_RUNTIME_DIR:-/run/user/$uid}"
for path in "\${DOCKER_HOST#unix://}" /var/run/docker.sock "$run/docker.sock" "$run/podman/podman.sock" /run/podman/podman.sock; do
  [ -S "$path" ] || continue
  if [ -r "$path" ] && [ -w "$path" ]; then out socket "$path"; else out denied "$path"; fi
done
out memory "$(awk '/^MemTotal/ { print $2 }' /proc/meminfo 2>/dev/null)"
out clock "$(date +%s)"
`

const number = z.coerce.number().catch(0)
const factsSchema = z.object({
  user: z.string().catch(''),
  uid: number,
  groups: z.string().catch(''),
  os: z.string().catch(''),
  kernel: z.string().catch(''),
  dockerHost: z.string().catch(''),
  program: z.string().catch(''),
  sudo: z.string().catch(''),
  /** KiB. */
  memory: number,
  /** Seconds since the epoch. */
  clock: number,
})

/** What a host tells of itself. */
export type HostFacts = z.infer<typeof factsSchema> & {
  /** Docker's sockets that this user may use, the likeliest first. */
  sockets: string[]
  /** Those that are there but closed to this user. */
  denied: string[]
}

/**
 * Asks a host about itself. This is the first session on a link, and has to be: only with a session
 * does sshd switch Nagle's algorithm off, without which every longer answer waits 40 ms.
 * @param name what users call it
 * @throws QuaysideError `no_shell`, `host_lost`
 */
export async function readFacts(link: Link, name: string, signal: AbortSignal): Promise<HostFacts> {
  const ended = await link.run(quoteWords(['sh', '-c', script]), { signal })
  // Its last line.
  if (/^clock\t\d/m.test(ended.stdout)) return parseFacts(ended.stdout)
  const said = `${ended.stderr}\n${ended.stdout}`.trim().slice(-500)
  // What was killed on its way may do better the next time.
  if (ended.code >= 128 && said === '')
    throw hostLost(name, new Error(`It ended with code ${ended.code}.`))
  throw noShell(name, said)
}

export function parseFacts(text: string): HostFacts {
  const single: Record<string, string> = {}
  const many: Record<'socket' | 'denied', string[]> = { socket: [], denied: [] }
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t')
    if (tab < 0) continue
    const [name, value] = [line.slice(0, tab), line.slice(tab + 1).trim()]
    if (name === 'socket' || name === 'denied') many[name].push(value)
    else single[name] = value
  }
  return {
    ...factsSchema.parse(single),
    sockets: [...new Set(many.socket)],
    denied: [...new Set(many.denied)],
  }
}

/** Free and whole bytes of the file system that holds a folder; null when the host does not say. */
export async function readDisk(
  link: Link,
  folder: string,
  signal: AbortSignal,
): Promise<{ freeBytes: number; totalBytes: number } | null> {
  const { stdout } = await link.run(quoteWords(['df', '-Pk', folder]), { signal })
  const words = stdout.trim().split('\n').at(-1)?.split(/\s+/) ?? []
  const [total, free] = [Number(words[1]), Number(words[3])]
  if (!Number.isFinite(total) || !Number.isFinite(free)) return null
  return { freeBytes: free * 1024, totalBytes: total * 1024 }
}
