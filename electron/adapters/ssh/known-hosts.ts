import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** One line of a known_hosts file. */
export interface KnownHost {
  marker: 'revoked' | 'cert-authority' | null
  /** As written: names with wildcards, or one hash. */
  hosts: string
  type: string
  /** The public key as it goes over the wire. */
  blob: Buffer
}

/** Reads a known_hosts file. Lines that make no sense are left out, as OpenSSH does. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const entry = parseLine(line)
    return entry ? [entry] : []
  })
}

const markers = new Map<string, 'revoked' | 'cert-authority'>([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert-authority'],
])

function parseLine(line: string): KnownHost | null {
  const words = line.trim().split(/[ \t]+/)
  if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) return null
  const marker = markers.get(words[0]) ?? null
  if (marker === null && words[0].startsWith('@')) return null
  const [hosts, type, base64] = marker === null ? words : words.slice(1)
  if (hosts === undefined || type === undefined || base64 === undefined) return null
  const blob = Buffer.from(base64, 'base64')
  return keyType(blob) === type ? { marker, hosts, type, blob } : null
}

/** The type that a public key names itself, such as `ssh-ed25519`; null when it is none. */
export function keyType(blob: Buffer): string | null {
  if (blob.length < 4) return null
  const length = blob.readUInt32BE(0)
  if (length === 0 || length > 64 || blob.length < 4 + length) return null
  return blob.toString('latin1', 4, 4 + length)
}

/** `SHA256:` and 43 characters, as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** How a server is written in known_hosts: with its port only where that isn't 22. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** True when the line speaks of the server, which is given as by `knownHostsName`. */
export function speaksOf(entry: KnownHost, name: string): boolean {
  if (entry.hosts.startsWith('|')) return hashMatches(entry.hosts, name)
  let matched = false
  for (const pattern of entry.hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (wildcard(pattern.slice(1), name)) return false
    } else if (wildcard(pattern, name)) matched = true
  }
  return matched
}

function hashMatches(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** `*` and `?` only; brackets are literal here. Linear, whatever the pattern. */
export function wildcard(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

export type Verdict =
  | { kind: 'known' }
  /** `certificates` when known_hosts has a certificate authority for it, which isn't supported. */
  | { kind: 'unknown'; certificates: boolean }
  | { kind: 'changed'; pinned: KnownHost }
  | { kind: 'revoked' }

/**
 * Judges the key a server shows.
 *
 * @param own lines Quayside wrote; where they speak of the server, they alone count
 * @param others lines of the user's and the system's files
 */
export function judge(
  blob: Buffer,
  name: string,
  own: readonly KnownHost[],
  others: readonly KnownHost[],
): Verdict {
  const all = [...own, ...others].filter((entry) => speaksOf(entry, name))
  if (all.some((entry) => entry.marker === 'revoked' && entry.blob.equals(blob)))
    return { kind: 'revoked' }
  const pins = pinsFor(name, own, others)
  if (pins.some((entry) => entry.blob.equals(blob))) return { kind: 'known' }
  // The types already known were asked for first, so another type is no addition but a change.
  const pinned = pins.find((entry) => entry.type === keyType(blob)) ?? pins[0]
  if (pinned) return { kind: 'changed', pinned }
  return { kind: 'unknown', certificates: all.some((entry) => entry.marker === 'cert-authority') }
}

/** The keys that count for a server. */
export function pinsFor(
  name: string,
  own: readonly KnownHost[],
  others: readonly KnownHost[],
): KnownHost[] {
  const pins = (entries: readonly KnownHost[]) =>
    entries.filter((entry) => entry.marker === null && speaksOf(entry, name))
  const ours = pins(own)
  return ours.length > 0 ? ours : pins(others)
}

/** The line for a key in a known_hosts file. */
export function knownHostsLine(name: string, blob: Buffer): string {
  return `${name} ${keyType(blob) ?? ''} ${blob.toString('base64')}\n`
}
