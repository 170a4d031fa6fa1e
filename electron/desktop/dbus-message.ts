/** A message of the D-Bus protocol, as far as is needed to ask who is there. */
export interface BusMessage {
  readonly type: 'call' | 'reply' | 'error' | 'signal'
  readonly serial: number
  /** Of a reply or an error: the serial of the call. */
  readonly replySerial?: number
  readonly path?: string
  readonly interface?: string
  readonly member?: string
  readonly destination?: string
  readonly sender?: string
  /** The types of the body, `s` for a string. */
  readonly signature?: string
  readonly body?: Buffer
}

const types = ['call', 'reply', 'error', 'signal'] as const
const fields = {
  path: { code: 1, type: 'o' },
  interface: { code: 2, type: 's' },
  member: { code: 3, type: 's' },
  replySerial: { code: 5, type: 'u' },
  destination: { code: 6, type: 's' },
  sender: { code: 7, type: 's' },
  signature: { code: 8, type: 'g' },
} as const
type FieldName = keyof typeof fields
const fieldNames = new Map<number, FieldName>([
  [1, 'path'],
  [2, 'interface'],
  [3, 'member'],
  [5, 'replySerial'],
  [6, 'destination'],
  [7, 'sender'],
  [8, 'signature'],
])

/** No service is started because somebody asked for it. */
const noAutoStart = 0x2
/** Nothing we ask for is larger, bytes. */
const largest = 1 << 20

const aligned = (offset: number, to: number) => Math.ceil(offset / to) * to
const padding = (offset: number, to: number) => Buffer.alloc(aligned(offset, to) - offset)

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** A body of strings: its signature is as many `s`. */
export function stringsBody(...values: readonly string[]): { signature: string; body: Buffer } {
  let body = Buffer.alloc(0)
  for (const value of values) {
    const text = Buffer.from(`${value}\0`)
    body = Buffer.concat([body, padding(body.length, 4), u32(text.length - 1), text])
  }
  return { signature: 's'.repeat(values.length), body }
}

/** The bytes of a message, little-endian. */
export function encodeMessage(message: BusMessage): Buffer {
  const { body = Buffer.alloc(0) } = message
  let header = Buffer.alloc(0)
  for (const name of fieldNames.values()) {
    const value = message[name]
    if (value === undefined) continue
    const { code, type } = fields[name]
    const start = Buffer.concat([
      padding(header.length, 8),
      Buffer.from([code, 1, type.charCodeAt(0), 0]),
    ])
    header = Buffer.concat([header, start, encodeField(value, type)])
  }
  const fixed = Buffer.from(['l'.charCodeAt(0), types.indexOf(message.type) + 1, noAutoStart, 1])
  const head = Buffer.concat([
    ...[fixed, u32(body.length), u32(message.serial), u32(header.length), header],
  ])
  return Buffer.concat([head, padding(head.length, 8), body])
}

function encodeField(value: string | number, type: 's' | 'o' | 'u' | 'g'): Buffer {
  if (typeof value === 'number') return u32(value)
  const text = Buffer.from(`${value}\0`)
  const length = type === 'g' ? Buffer.from([text.length - 1]) : u32(text.length - 1)
  return Buffer.concat([length, text])
}

/**
 * The first message in these bytes and what is behind it; undefined where it is not there in whole.
 * @throws Error where the bytes are no message that we can read.
 */
export function decodeMessage(bytes: Buffer): { message: BusMessage; rest: Buffer } | undefined {
  if (bytes.length < 16) return undefined
  if (bytes[0] !== 'l'.charCodeAt(0)) throw new Error('The bus speaks big-endian.')
  const type = types[bytes.readUInt8(1) - 1]
  const bodyLength = bytes.readUInt32LE(4)
  const headerEnd = 16 + bytes.readUInt32LE(12)
  const bodyStart = aligned(headerEnd, 8)
  if (type === undefined || bodyStart + bodyLength > largest) throw new Error('Not a bus message.')
  if (bytes.length < bodyStart + bodyLength) return undefined
  const message = {
    type,
    serial: bytes.readUInt32LE(8),
    ...decodeFields(bytes, headerEnd),
    body: bytes.subarray(bodyStart, bodyStart + bodyLength),
  }
  return { message, rest: bytes.subarray(bodyStart + bodyLength) }
}

function decodeFields(bytes: Buffer, end: number): Partial<BusMessage> {
  const found: [string, string | number][] = []
  let at = 16
  while (at < end) {
    at = aligned(at, 8)
    const name = fieldNames.get(bytes.readUInt8(at))
    const type = String.fromCharCode(bytes.readUInt8(at + 2))
    at += 4
    if (type === 'u') {
      if (name !== undefined) found.push([name, bytes.readUInt32LE(at)])
      at += 4
      continue
    }
    const short = type === 'g'
    const length = short ? bytes.readUInt8(at) : bytes.readUInt32LE(at)
    at += short ? 1 : 4
    if (name !== undefined) found.push([name, bytes.toString('utf8', at, at + length)])
    at += length + 1
  }
  return Object.fromEntries(found)
}
