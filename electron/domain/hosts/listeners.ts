/** A socket that is listened on. */
export interface Listener {
  address: string
  port: number
}

/** TCP state `LISTEN` in /proc/net/tcp, see proc_pid_net(5). */
const listening = '0A'

/** The listening sockets in the text of /proc/net/tcp and tcp6, one behind the other. */
export function readListeners(text: string): Listener[] {
  const found: Listener[] = []
  for (const line of text.split('\n')) {
    const [, local = '', , state] = line.trim().split(/\s+/)
    const words = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/i.exec(local)
    if (state !== listening || words === null) continue
    const address = readAddress(words[1] ?? '')
    found.push({ address, port: Number.parseInt(words[2] ?? '', 16) })
  }
  return found
}

/** Words of four bytes each, in the order of a processor that has the lowest byte first. */
function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  )
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, n) =>
    (((bytes[2 * n] ?? 0) << 8) | (bytes[2 * n + 1] ?? 0)).toString(16),
  )
  return plainAddress(groups.join(':'))
}

/** An address in its usual form, without brackets and zone; an IPv4 one inside IPv6 as IPv4. */
export function plainAddress(text: string): string {
  const bare = text.replace(/%.*$/, '').replace(/^\[|\]$/g, '')
  if (bare === '*') return '::'
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  if (dotted !== undefined) return dotted
  if (!bare.includes(':')) return bare
  const short = shorten(bare)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short)
  if (mapped === null) return short
  return [mapped[1], mapped[2]]
    .map((group) => Number.parseInt(group ?? '', 16))
    .flatMap((pair) => [pair >> 8, pair & 255])
    .join('.')
}

/** `0:0:0:0:0:0:0:1` as `::1`: a URL's host is written so. */
function shorten(address: string): string {
  const url = `ws://[${address}]`
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address
}

/** True for an address that only programs of the same machine reach. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** True for all addresses of a machine at once. */
export function isEverywhere(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** The programs that `ss -ltnpH` names, by `address port`; other users' only root is told of. */
export function readPrograms(text: string): Map<string, string> {
  const programs = new Map<string, string>()
  for (const line of text.split('\n')) {
    const found = /^LISTEN\s+\d+\s+\d+\s+(\S+):(\d+)\s+\S+\s.*users:\(\("([^"]+)"/.exec(line)
    if (found === null) continue
    const [, address = '', port = '', name = ''] = found
    // A program chooses its name; control characters are no part of one.
    programs.set(`${plainAddress(address)} ${port}`, name.replace(/\p{Cc}/gu, ''))
  }
  return programs
}
