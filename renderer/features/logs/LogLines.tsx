import { useVirtualizer } from '@tanstack/react-virtual'
import { Button } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatExact } from '../../lib/format.ts'
import { splitAt, type NumberedLine } from './log-lines.ts'
import classes from './Logs.module.css'

/** Height of a line that is not wrapped, px. */
const lineHeight = 20
/** As near to the end counts as there, px. */
const nearEnd = 24

interface LogLinesProps {
  lines: readonly NumberedLine[]
  search: string
  /** The place of the line that the search stands at; null where it stands at none. */
  current: number | null
  wrap: boolean
}

/** The lines on the screen out of thousands. At the end it follows what is new. */
export function LogLines({ lines, search, current, wrap }: LogLinesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.n ?? index,
    overscan: 20,
  })

  useLayoutEffect(() => {
    virtual.measure()
  }, [virtual, wrap])
  const newest = lines.at(-1)?.n
  const toEnd = () => {
    if (lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' })
  }
  useLayoutEffect(() => {
    if (following) toEnd()
  }, [following, newest, wrap, lines.length])
  // Lines that go at the beginning must not pull what is read away: the line at the top stays there,
  // however high those were that have gone.
  const oldest = lines[0]?.n
  const top = useRef<{ n: number; into: number } | null>(null)
  const before = useRef(oldest)
  useLayoutEffect(() => {
    const same = oldest === before.current
    before.current = oldest
    if (same || following || top.current === null || scroller.current === null) return
    const { n, into } = top.current
    const index = lines.findIndex((line) => line.n >= n)
    const start = virtual.measurementsCache[index]?.start
    if (start === undefined) return
    scroller.current.scrollTop = start + (lines[index]?.n === n ? into : 0)
  }, [oldest, following, lines, virtual])
  useEffect(() => {
    if (current === null) return
    setFollowing(false)
    virtual.scrollToIndex(current, { align: 'center' })
    // Only a step of the search leads there, not every new line.
  }, [current === null ? null : lines[current]?.n, search])

  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.lines}
        role="log"
        aria-label="Log"
        aria-live="off"
        tabIndex={0}
        data-wrap={wrap || undefined}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          setFollowing(scrollHeight - scrollTop - clientHeight < nearEnd)
          const item = virtual.getVirtualItemForOffset(scrollTop)
          const n = item && lines[item.index]?.n
          top.current = n === undefined ? null : { n, into: scrollTop - (item?.start ?? 0) }
        }}
      >
        <div className={classes.all} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => {
            const line = lines[index]
            if (line === undefined) return null
            return (
              <div
                key={key}
                ref={wrap ? virtual.measureElement : undefined}
                data-index={index}
                className={classes.line}
                data-level={line.level ?? undefined}
                data-current={index === current || undefined}
                style={{ transform: `translateY(${start}px)` }}
              >
                <time className={classes.time} title={formatExact(line.at)}>
                  {timeOf(line.at)}
                </time>
                <span className={classes.text}>
                  <Text text={line.text} search={search} />
                  {line.cut && <span className={classes.cut}> … the rest is left out</span>}
                </span>
              </div>
            )
          })}
        </div>
      </div>
      {!following && lines.length > 0 && (
        <Button
          size="xs"
          className={classes.jump ?? ''}
          leftSection={<IconArrowDown stroke={1.5} />}
          onClick={() => {
            setFollowing(true)
            toEnd()
          }}
        >
          Jump to newest
        </Button>
      )}
    </div>
  )
}

function Text({ text, search }: { text: string; search: string }) {
  return splitAt(text, search).map((part, index) =>
    index % 2 === 0 ? part : <mark key={index}>{part}</mark>,
  )
}

const timeFormat = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

function timeOf(at: number): string {
  return timeFormat.format(at).replace(',', '')
}
