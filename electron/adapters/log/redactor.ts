/** Takes secrets out of whatever is about to be written. */
export interface Redactor {
  /** From now on this value is taken out, as it is and in its common encodings. */
  add(secret: string): void
  /** The text without secrets. */
  text(written: string): string
  /** Plain data without secrets, ready for JSON: errors with cause and stack, depth and size bounded. */
  data(value: unknown): unknown
}

const mask = '[redacted]'
/** A shorter value would blank out half the log, and gives nothing away by being there. */
const shortest = 4
const deepest = 8
const longestText = 32 * 1024

/** Fields whose value is never written, whatever it is. */
const secretField =
  /password|passphrase|passwd|secret|token|credential|private_?key|api_?key|authorization|cookie/i

/** Texts that hold a secret by their form: they are caught even if nobody has registered it. */
const secretForms: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
  // Begins at the slashes, not at the scheme: that would take square time over a long word.
  [/(:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/g, `$1${mask}`],
  [
    /((?:password|passphrase|passwd|secret|token|api_?key)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    `$1${mask}`,
  ],
  [/(authorization["']?\s*[=:]\s*["']?(?:basic|bearer)\s+)[^\s"',]+/gi, `$1${mask}`],
]

/** A registry of live secrets, in memory only. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  let forms: string[] = []

  const text = (written: string): string => {
    let clean = written
    for (const form of forms) clean = clean.replaceAll(form, mask)
    for (const [pattern, replacement] of secretForms) clean = clean.replace(pattern, replacement)
    return clean.length > longestText ? `${clean.slice(0, longestText)}…` : clean
  }
  const data = (value: unknown, seen: readonly object[] = []): unknown => {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'bigint') return text(value.toString())
    if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`
    if (typeof value !== 'object' || value === null) return value
    if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`
    if (seen.includes(value)) return '[circular]'
    if (seen.length >= deepest) return '[deeper]'
    const path = [...seen, value]
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    if (value instanceof Map) return data([...value], seen)
    if (value instanceof Set) return data([...value], seen)
    if (Array.isArray(value)) return value.map((item) => data(item, path))
    return Object.fromEntries(
      fields(value).map(([name, field]) => [
        text(name),
        secretField.test(name) && isSecretValue(field) ? mask : data(field, path),
      ]),
    )
  }
  return {
    add(secret) {
      if (secret.length < shortest || secrets.has(secret)) return
      secrets.add(secret)
      // Longest first: else a part could be taken out of a longer form and leave the rest standing.
      forms = [...new Set([...forms, ...encodings(secret)])].sort((a, b) => b.length - a.length)
    },
    text,
    data: (value) => data(value),
  }
}

/** Flags and counts named like a secret (`passwordNeeded: true`) say nothing about it. */
function isSecretValue(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'boolean'
}

/** An error's message, stack and cause are no enumerable properties, but the first thing to log. */
function fields(value: object): [string, unknown][] {
  const own = Object.entries(value)
  if (!(value instanceof Error)) return own
  return [
    ['name', value.name],
    ['message', value.message],
    ...own.filter(([name, field]) => name !== 'name' && field !== undefined),
    ...(value.stack === undefined ? [] : [['stack', value.stack] satisfies [string, unknown]]),
    ...(value.cause === undefined ? [] : [['cause', value.cause] satisfies [string, unknown]]),
    ...(value instanceof AggregateError
      ? [['errors', value.errors] satisfies [string, unknown]]
      : []),
  ]
}

function encodings(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1)
  // A lone surrogate, which no URL can carry, becomes U+FFFD on the way through bytes.
  const inUrl = encodeURIComponent(Buffer.from(secret).toString())
  return [
    secret,
    inUrl,
    inUrl.replaceAll('%20', '+'),
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    secret.replaceAll("'", "'\\''"),
    Buffer.from(secret).toString('hex'),
    ...base64Forms(secret),
  ].filter((form) => form.length >= shortest)
}

/**
 * The middle of the secret's base64 at each of the three offsets at which it can lie inside a longer
 * text, such as `user:password`.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const padding = (3 - ((offset + bytes.length) % 3)) % 3
    const from = offset === 0 ? 0 : offset + 1
    const to = padding === 0 ? encoded.length : encoded.length - padding - 1
    const middle = encoded.slice(from, to)
    // Anything shorter is found in innocent words too.
    if (middle.length < 6) return []
    return [middle, middle.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
