import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRecoveryKey, writeRecoveryKey } from './recovery-key-text.ts'

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 })
const code = (text: string): string | null => {
  try {
    readRecoveryKey(text)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

describe('the text of a recovery key', () => {
  it('is what a second implementation says it is', () => {
    // By Python: the bits in fives by Crockford's digits, and the check digits in GF(32).
    expect(writeRecoveryKey(Uint8Array.from({ length: 32 }, (_, n) => n))).toBe(
      '000GN-40R48-0M308-E209K-185GH-R38EQ-1W81K-24GKX-2GAHZ-C5RRR-34D12-P70XY-3RFGS',
    )
  })

  it('is read as it was written, however it was typed', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const text = writeRecoveryKey(key)
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){12}[0-9A-HJKMNP-TV-Z]{5}$/)
        const ways = [
          text,
          text.toLowerCase(),
          text.replaceAll('-', ''),
          ` ${text.replaceAll('-', ' ')}\n`,
          text.replaceAll('-', '–'),
          text.replaceAll('0', 'o').replaceAll('1', 'l'),
          text.replaceAll('0', 'O').replaceAll('1', 'I'),
        ]
        for (const way of ways) expect(readRecoveryKey(way)).toEqual(key)
      }),
    )
  })

  it('with one wrong character names the group', () => {
    fc.assert(
      fc.property(keys, fc.nat(64), fc.integer({ min: 1, max: 31 }), (key, at, shift) => {
        const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
        const plain = writeRecoveryKey(key).replaceAll('-', '')
        const wrong = digits[(digits.indexOf(plain[at] ?? '') + shift) % 32] ?? ''
        const text = plain.slice(0, at) + wrong + plain.slice(at + 1)
        expect(code(text)).toBe(`There is a mistake in group ${Math.floor(at / 5) + 1}.`)
      }),
    )
  })

  it('with two neighbours exchanged names the group, with groups exchanged the first of them', () => {
    fc.assert(
      fc.property(keys, fc.nat(63), fc.nat(12), fc.nat(12), (key, at, one, other) => {
        const text = writeRecoveryKey(key)
        const plain = text.replaceAll('-', '')
        const [a = '', b = ''] = plain.slice(at, at + 2)
        if (a !== b && at % 5 !== 4)
          expect(code(plain.slice(0, at) + b + a + plain.slice(at + 2))).toContain(
            `group ${Math.floor(at / 5) + 1}.`,
          )
        const groups = text.split('-')
        const swapped = groups.with(one, groups[other] ?? '').with(other, groups[one] ?? '')
        if (groups[one] !== groups[other])
          expect(code(swapped.join('-'))).toContain(`group ${Math.min(one, other) + 1}.`)
      }),
    )
  })

  it('that is too short, too long or no key says so, and never repeats what was typed', () => {
    const text = writeRecoveryKey(randomBytes(32))
    expect(code('')).toBe('A recovery key has 65 characters; these are 0.')
    expect(code(text.slice(0, -6))).toBe('A recovery key has 65 characters; these are 60.')
    expect(code(text.slice(0, -2))).toBe('A recovery key has 65 characters; these are 63.')
    expect(code(`${text}-00000`)).toBe('A recovery key has 65 characters; these are 70.')
    expect(code(`${text.slice(0, 7)}!${text.slice(8)}`)).toBe(
      'Group 2 has a character that no recovery key has.',
    )
  })
})
