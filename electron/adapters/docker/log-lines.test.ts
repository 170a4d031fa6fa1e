import { describe, expect, it } from 'vitest'
import { createLogLines } from './log-lines.ts'

const stamp = '2026-01-02T12:00:00.123456789Z'
const at = `${Date.UTC(2026, 0, 2, 12) / 1000}.123456789`

function frame(kind: number, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = kind
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

describe('the lines of a log', () => {
  const log = Buffer.concat([
    frame(1, `${stamp} ready\n`),
    frame(2, `${stamp} ERROR:  größer\r\n`),
    frame(1, `${stamp} \n`),
  ])
  const lines = [
    { at, stream: 'stdout', text: 'ready', cut: false },
    { at, stream: 'stderr', text: 'ERROR:  größer', cut: false },
    { at, stream: 'stdout', text: '', cut: false },
  ]

  it.each([1, 2, 3, 7, 11, 1000])('are the same in pieces of %i bytes', (size) => {
    const linesOf = createLogLines()
    const found = []
    for (let n = 0; n < log.length; n += size) found.push(...linesOf(log.subarray(n, n + size)))
    expect(found).toEqual(lines)
  })

  it('are whole where Docker broke a long one, also with the other stream between', () => {
    const linesOf = createLogLines()
    const found = linesOf(
      Buffer.concat([
        frame(2, `${stamp} ${'a'.repeat(5000)}`),
        frame(1, `${stamp} other\n`),
        frame(2, `${stamp} ${'b'.repeat(5000)}\n`),
      ]),
    )
    expect(found.map(({ stream, text }) => [stream, text.length])).toEqual([
      ['stdout', 5],
      ['stderr', 10_000],
    ])
  })

  it('are cut, with a mark, where they are very long', () => {
    const found = createLogLines()(frame(1, `${stamp} ${'ä'.repeat(40_001)}\n`))
    expect(found).toMatchObject([{ cut: true, text: 'ä'.repeat(8 * 1024) }])
  })

  it('are read without frames where the container has a terminal', () => {
    const linesOf = createLogLines()
    expect(linesOf(Buffer.from(`${stamp} one\r\n${stamp} tw`))).toMatchObject([{ text: 'one' }])
    expect(linesOf(Buffer.from('o\r\n'))).toMatchObject([{ text: 'two', stream: 'stdout' }])
  })

  it('are not guessed from what is none', () => {
    expect(() => createLogLines()(Buffer.from([1, 9, 9, 9, 0, 0, 0, 1, 0x20]))).toThrow('bad frame')
    expect(() => createLogLines()(frame(1, 'no stamp at all\n'))).toThrow('stamp')
  })
})
