import { describe, expect, it } from 'vitest'
import type { LogLine, LogNews } from '../../../shared/contract/logs.ts'
import { filterLines, findLines, goingOn, noLog, splitAt, withNews } from './log-lines.ts'

const line = (text: string, more: Partial<LogLine> = {}): LogLine => ({
  at: 0,
  stream: 'stderr',
  level: null,
  text,
  cut: false,
  ...more,
})
const news = (first: number, ...lines: LogLine[]): LogNews => ({
  follower: 'test',
  state: 'following',
  error: null,
  first,
  lines,
})

describe('a kept log', () => {
  it('keeps the newest lines, each with its number', () => {
    let log = noLog
    for (let n = 0; n < 9; n += 3) {
      log = withNews(log, news(n, line(`${n}`), line(`${n + 1}`), line(`${n + 2}`)), 5)
    }
    expect(log.lines.map(({ n, text }) => [n, text])).toEqual(
      [4, 5, 6, 7, 8].map((n) => [n, `${n}`]),
    )
  })

  it('keeps its lines while the host does not answer', () => {
    const before = withNews(noLog, news(0, line('one')))
    const after = withNews(before, { ...news(1), state: 'waiting' })
    expect(after).toMatchObject({ state: 'waiting', lines: [{ text: 'one' }] })
  })

  it('is narrowed by stream and level', () => {
    const { lines } = withNews(
      noLog,
      news(0, line('a', { stream: 'stdout' }), line('b', { level: 'error' }), line('c')),
    )
    const all = { streams: new Set<LogLine['stream']>(), levels: new Set<'error' | 'warning'>() }
    const texts = (filter: Parameters<typeof filterLines>[1]) =>
      filterLines(lines, filter).map(({ text }) => text)
    expect(texts(all)).toEqual(['a', 'b', 'c'])
    expect(texts({ ...all, streams: new Set(['stdout']) })).toEqual(['a'])
    expect(texts({ ...all, levels: new Set(['error', 'warning']) })).toEqual(['b'])
  })

  it('is searched whatever the case', () => {
    const { lines } = withNews(noLog, news(0, line('An ERROR'), line('fine'), line('error: error')))
    expect(findLines(lines, 'error')).toEqual([0, 2])
    expect(findLines(lines, '')).toEqual([])
    expect(splitAt('error: no ErrOr', 'ERROR')).toEqual(['', 'error', ': no ', 'ErrOr', ''])
    expect(splitAt('a.b', '.')).toEqual(['a', '.', 'b'])
    expect(splitAt('fine', '')).toEqual(['fine'])
  })
})

it('goes on behind the lines that are kept, without one twice or left out', () => {
  const at = (at: number, text: string) => line(text, { at })
  const kept = withNews(noLog, news(0, at(1, 'a'), at(2, 'b'), at(2, 'b')))
  const onward = goingOn(kept)
  const anew = withNews(kept, onward(news(0, at(2, 'b'), at(2, 'b'), at(2, 'b'))))
  const then = withNews(anew, onward(news(3, at(2, 'c'), at(3, 'b'))))
  expect(then.lines.map(({ n, text }) => [n, text])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'b'],
    [3, 'b'],
    [4, 'c'],
    [5, 'b'],
  ])
})
