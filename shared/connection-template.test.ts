import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hiddenPassword } from './connection-formats.ts'
import { fillTemplate, templateFields, type TemplateValues } from './connection-template.ts'
import { QuaysideError } from './errors.ts'

const values: TemplateValues = {
  host: '127.0.0.1',
  port: 54321,
  user: 'db_user_1',
  password: "p@ss/w:r'd",
  database: 'shop',
  sslmode: 'disable',
  name: 'shop-eu',
}

/** The error's message and position for a template that can't be read. */
function refusal(template: string): { message: string; position: string | undefined } {
  try {
    fillTemplate(template, values)
  } catch (thrown) {
    if (!(thrown instanceof QuaysideError)) throw thrown
    expect(thrown).toMatchObject({ code: 'invalid_input', field: 'template' })
    return { message: thrown.message, position: thrown.facts?.position }
  }
  throw new Error('it was filled')
}

describe('a template', () => {
  it('is filled with every part of a connection', () => {
    expect(
      fillTemplate('{name}: {user}:{password}@{host}:{port}/{database} {sslmode}', values),
    ).toBe("shop-eu: db_user_1:p@ss/w:r'd@127.0.0.1:54321/shop disable")
  })

  it('percent-encodes where asked, also what encodeURIComponent leaves', () => {
    expect(fillTemplate('pg://x:{password:url}@{host:url}', values)).toBe(
      'pg://x:p%40ss%2Fw%3Ar%27d@127.0.0.1',
    )
  })

  it('keeps a hidden password recognisable in either form', () => {
    const hidden = { ...values, password: hiddenPassword }
    expect(fillTemplate('{password} {password:url}', hidden)).toBe(
      `${hiddenPassword} ${hiddenPassword}`,
    )
  })

  it('writes doubled braces as braces, around placeholders too', () => {
    expect(fillTemplate('{{"host": "{host}"}} {{{port}}}', values)).toBe(
      '{"host": "127.0.0.1"} {54321}',
    )
  })

  it.each([
    ['{host}:{prot}', '8', 'There is no placeholder {prot}'],
    ['{}', '1', 'There is no placeholder {}'],
    ['{ host }', '1', 'There is no placeholder { host }'],
    ['{Host}', '1', 'There is no placeholder {Host}'],
    ['x {password:base64}', '3', '{password:base64} is no way to write {password}'],
    ['{password:url:url}', '1', 'is no way to write {password}'],
    ['{host', '1', 'never closed'],
    ['{host}}', '7', 'never opened'],
    ['é😀 {what}', '4', 'There is no placeholder {what}'],
  ])('%s is refused, with the place', (template, position, words) => {
    const refused = refusal(template)
    expect(refused.message).toContain(words)
    expect(refused.message).toContain(`(character ${position})`)
    expect(refused.position).toBe(position)
  })
})

describe('any template', () => {
  const plain = fc.string({ unit: 'binary' })
  const escaped = (text: string) => text.replaceAll('{', '{{').replaceAll('}', '}}')
  const anyValues = fc.record({
    host: plain,
    port: fc.integer({ min: 1, max: 65_535 }),
    user: plain,
    password: plain.filter((text) => text !== hiddenPassword),
    database: plain,
    sslmode: plain,
    name: plain,
  })

  it('keeps literal text as it is, once its braces are doubled', () => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(fillTemplate(escaped(text), values)).toBe(text)
      }),
    )
  })

  it('puts each value where it was asked for; a value is never read as a template', () => {
    const part = fc.oneof(
      plain.map((text) => ({ template: escaped(text), filled: () => text })),
      fc.constantFrom(...templateFields).map((field) => ({
        template: `{${field}}`,
        filled: (of: TemplateValues) => String(of[field]),
      })),
    )
    fc.assert(
      fc.property(fc.array(part), anyValues, (parts, of) => {
        const template = parts.map((each) => each.template).join('')
        expect(fillTemplate(template, of)).toBe(parts.map((each) => each.filled(of)).join(''))
      }),
    )
  })

  it('encodes a value so that a URL gives it back', () => {
    fc.assert(
      fc.property(anyValues, (of) => {
        const encoded = fillTemplate('{password:url}', of)
        expect(encoded).toMatch(/^(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})*$/)
        expect(decodeURIComponent(encoded)).toBe(of.password.replace(/\p{Surrogate}/gu, '\uFFFD'))
      }),
    )
  })

  it('is either filled or refused with a place inside it', () => {
    const braces = fc.string({ unit: fc.constantFrom('{', '}', 'host', ':url', 'x') })
    fc.assert(
      fc.property(braces, (template) => {
        try {
          fillTemplate(template, values)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(QuaysideError)
          const position = Number(thrown instanceof QuaysideError && thrown.facts?.position)
          expect(position).toBeGreaterThanOrEqual(1)
          expect(position).toBeLessThanOrEqual(template.length)
        }
      }),
    )
  })
})
