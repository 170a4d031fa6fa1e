import { Button, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp, IconSearch, IconTextWrap } from '@tabler/icons-react'
import { useRef } from 'react'
import { mostLogLines } from '../../../shared/contract/logs.ts'
import { formatCount } from '../../lib/format.ts'
import { FilterMenu } from '../../ui/FilterMenu.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import type { LogFilter } from './log-lines.ts'
import classes from './Logs.module.css'

interface LogBarProps {
  text: string
  onText: (text: string) => void
  /** How many lines hold the text, and at which of them the search stands; -1 for none. */
  found: number
  at: number
  onStep: (by: 1 | -1) => void
  filter: LogFilter
  onFilter: (filter: LogFilter) => void
  /** As many lines are kept as can be: older ones are not searched. */
  full: boolean
  wrap: boolean
  onWrap: (wrap: boolean) => void
}

/** Search with its steps, filters, and how lines are shown. */
export function LogBar(props: LogBarProps) {
  const { text, onText, found, at, onStep, filter, onFilter, full, wrap, onWrap } = props
  const input = useRef<HTMLInputElement>(null)
  const focus = () => input.current?.select()
  useHotkeys([
    ['mod+F', focus],
    ['/', focus],
  ])
  return (
    <div className={classes.bar}>
      <TextInput
        ref={input}
        className={classes.search ?? ''}
        aria-label="Search the log"
        placeholder="Search"
        leftSection={<IconSearch size={16} stroke={1.5} />}
        value={text}
        onChange={(event) => {
          onText(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onText('')
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
        }}
      />
      <IconButton label="Previous, Shift Enter" disabled={found === 0} onClick={() => onStep(-1)}>
        <IconChevronUp size={16} stroke={1.5} />
      </IconButton>
      <IconButton label="Next, Enter" disabled={found === 0} onClick={() => onStep(1)}>
        <IconChevronDown size={16} stroke={1.5} />
      </IconButton>
      <span className={classes.found} role="status">
        {text !== '' && wordsFor(found, at)}
        {text !== '' && full && ` in the newest ${formatCount(mostLogLines)} lines`}
      </span>
      <FilterMenu
        label="Level"
        options={[
          { value: 'error', label: 'Errors' },
          { value: 'warning', label: 'Warnings' },
          { value: 'info', label: 'Information' },
        ]}
        chosen={filter.levels}
        onChange={(levels) => {
          onFilter({ ...filter, levels })
        }}
      />
      <FilterMenu
        label="Stream"
        options={[
          { value: 'stdout', label: 'Output' },
          { value: 'stderr', label: 'Error output' },
        ]}
        chosen={filter.streams}
        onChange={(streams) => {
          onFilter({ ...filter, streams })
        }}
      />
      <Button
        className={classes.wrap ?? ''}
        aria-pressed={wrap}
        c={wrap ? 'var(--q-accent)' : 'var(--q-text2)'}
        leftSection={<IconTextWrap stroke={1.5} />}
        onClick={() => {
          onWrap(!wrap)
        }}
      >
        Wrap
      </Button>
    </div>
  )
}

function wordsFor(found: number, at: number): string {
  if (found === 0) return 'Not found'
  return at === -1
    ? `${formatCount(found)} found`
    : `${formatCount(at + 1)} of ${formatCount(found)}`
}
