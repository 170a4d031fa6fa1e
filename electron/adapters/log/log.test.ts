import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import { createLog } from './index.ts'
import { createRedactor } from './redactor.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'quayside-log-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const written = (): string => readFileSync(join(dir, 'quayside.log'), 'utf8')
const lines = (): unknown[] =>
  written()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

describe('the log', () => {
  test('writes one JSON object a line, to a file of its own user', () => {
    const log = createLog({ dir: join(dir, 'logs'), redact: createRedactor() })
    dir = join(dir, 'logs')
    log.info('host ready', { host: 'harbour', ms: 4 })
    log.warn('slow')
    const facts = { host: 'harbour', ms: 4 }
    expect(lines()).toEqual([
      expect.objectContaining({ level: 'info', message: 'host ready', pid: process.pid, facts }),
      expect.objectContaining({ level: 'warn', message: 'slow' }),
    ])
    expect(statSync(join(dir, 'quayside.log')).mode & 0o777).toBe(0o600)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
  })

  test('writes an error whole, with its causes', () => {
    const log = createLog({ dir, redact: createRedactor() })
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    log.error('lost', new QuaysideError('host_lost', 'The host is gone.', { cause }), { host: 'h' })
    expect(lines()[0]).toMatchObject({
      level: 'error',
      error: {
        code: 'host_lost',
        message: 'The host is gone.',
        cause: { code: 'ECONNREFUSED', stack: expect.stringContaining('log.test.ts') as unknown },
      },
    })
  })

  test('leaves out what is below its level', () => {
    const log = createLog({ dir, level: 'warn', redact: createRedactor() })
    log.info('quiet')
    log.warn('loud')
    expect(lines()).toHaveLength(1)
  })

  test('begins a new file when one is full, and keeps three older ones', () => {
    const log = createLog({ dir, redact: createRedactor(), maxBytes: 1000 })
    for (let index = 0; index < 100; index += 1) log.info(`line ${String(index)}`)
    expect(readdirSync(dir).sort()).toEqual([
      'quayside.1.log',
      'quayside.2.log',
      'quayside.3.log',
      'quayside.log',
    ])
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).size).toBeLessThan(1200)
    expect(written()).toContain('line 99')
  })

  test('goes on where nothing can be written', () => {
    writeFileSync(join(dir, 'file'), '')
    const log = createLog({ dir: join(dir, 'file', 'logs'), redact: createRedactor() })
    expect(() => log.info('nobody reads this')).not.toThrow()
  })
})

describe('the redactor', () => {
  test('finds a secret wherever it hides', () => {
    const secret = 'pA5+w/ord "q\\x'
    const redact = createRedactor()
    redact.add(secret)
    const hidden = {
      message: `login with ${secret} failed`,
      url: `postgres://u:${encodeURIComponent(secret)}@h/db`,
      query: encodeURIComponent(secret).replaceAll('%20', '+'),
      json: JSON.stringify({ note: secret }),
      nested: JSON.stringify({ body: JSON.stringify({ note: secret }) }),
      hex: Buffer.from(secret).toString('hex'),
      ...Object.fromEntries(
        ['', 'u', 'us', 'use'].map((user) => [
          `basic${user}`,
          Buffer.from(`${user}:${secret}:x`).toString('base64'),
        ]),
      ),
      [secret]: new Map([[secret, new Set([secret])]]),
      error: new AggregateError([new Error(secret)], secret, { cause: new Error(secret) }),
      bytes: Buffer.from(secret),
    }
    const clean = JSON.stringify(redact.data(hidden))
    for (const form of ['pA5', 'w/ord', 'ord "q', 'ord%20', '7041352b', 'UEE1K3cvb3JkICJx']) {
      expect(clean).not.toContain(form)
    }
    for (const offset of ['cEE1K3cvb3', 'BBNSt3L29y', 'QTUrdy9vcm']) {
      expect(clean).not.toContain(offset)
    }
  })

  test('whatever the secret and the text around it, nothing of it is left', () => {
    const piece = fc.string({ unit: 'grapheme', maxLength: 20 })
    const secret = fc.string({ unit: 'binary-ascii', minLength: 8, maxLength: 40 })
    fc.assert(
      fc.property(piece, secret, piece, (before, value, after) => {
        // A secret of one letter, repeated, can't be told from its neighbours.
        fc.pre(new Set(value).size > 4 && !'[redacted]'.includes(value))
        const redact = createRedactor()
        redact.add(value)
        const encodings = [
          (text: string) => text,
          encodeURIComponent,
          (text: string) => JSON.stringify(text),
          (text: string) => Buffer.from(text).toString('hex'),
        ]
        for (const encode of encodings) {
          const clean = redact.text(`${before}${encode(value)}${after}`)
          expect(clean).not.toContain(encode(value))
        }
        const decoded = redact.text(Buffer.from(`${before}${value}${after}`).toString('base64'))
        expect(
          Buffer.from(decoded.replaceAll('[redacted]', ''), 'base64').toString(),
        ).not.toContain(value)
      }),
    )
  })

  test('knows secrets by their name and form, without having been told', () => {
    const redact = createRedactor()
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----'
    const clean = redact.data({
      POSTGRES_PASSWORD: 'hunter22',
      keyPassphrase: ['hunter22'],
      passwordNeeded: true,
      secret: null,
      text: `PGPASSWORD=hunter22 psql; {"token": "hunter22"} ${key}`,
      url: 'failed: postgres://u:hunter22@127.0.0.1:5432/db',
      header: 'Authorization: Bearer hunter22',
    })
    expect(JSON.stringify(clean)).not.toMatch(/hunter22|abc/)
    expect(clean).toMatchObject({ passwordNeeded: true, secret: null })
    expect(clean).toMatchObject({ url: 'failed: postgres://u:[redacted]@127.0.0.1:5432/db' })
  })

  test('bounds what it writes', () => {
    const circle: Record<string, unknown> = { name: 'circle' }
    circle['self'] = circle
    let deep: unknown = 'bottom'
    for (let level = 0; level < 50; level += 1) deep = { deep }
    const redact = createRedactor()
    expect(redact.data(circle)).toEqual({ name: 'circle', self: '[circular]' })
    expect(JSON.stringify(redact.data(deep))).toContain('[deeper]')
    expect(redact.text('x'.repeat(100_000)).length).toBeLessThan(40_000)
  })
})
