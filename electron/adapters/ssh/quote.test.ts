import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteWords } from './quote.ts'

describe('quoteWords', () => {
  it('leaves plain words as they are', () => {
    expect(quoteWords(['docker', '-H', 'unix:///run/docker.sock', 'ps'])).toBe(
      'docker -H unix:///run/docker.sock ps',
    )
  })

  it('escapes quotes and backslashes outside of quotes, as fish wants it', () => {
    expect(quoteWords(["it's"])).toBe(String.raw`it\'s`)
    expect(quoteWords(['a\\b'])).toBe(String.raw`a\\b`)
    expect(quoteWords([''])).toBe("''")
  })

  it('refuses what no command line can carry', () => {
    expect(() => quoteWords(['a\0b'])).toThrow(RangeError)
  })

  it.each(['/bin/sh', '/bin/bash'])('gives every word unchanged to %s', (shell) => {
    const word = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const line = `printf '%s\\0' ${quoteWords(words)}`
        const printed = execFileSync(shell, ['-c', line]).toString('utf8')
        expect(printed).toBe(words.map((text) => `${Buffer.from(text).toString()}\0`).join(''))
      }),
      { numRuns: 40 },
    )
  })
})
