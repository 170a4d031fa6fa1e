import type { KeyboardEvent, SyntheticEvent } from 'react'
import { isTyping } from './keys.ts'

/** Moves the focus between the rows of a list: arrows, J and K, Home and End. */
export function moveFocus(event: KeyboardEvent<HTMLElement>, rows: string): void {
  // A menu or dialog opened from a row is its child for React, but stands elsewhere in the page.
  if (!isInside(event)) return
  if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(rows)]
  const current = all.findIndex((row) => row.contains(document.activeElement))
  const next = nextIndex(event.key, current, all.length)
  if (next === undefined) return
  event.preventDefault()
  all[next]?.focus()
}

/** Which of `count` rows a key leads to, from the current one (-1 when none has the focus). */
export function nextIndex(key: string, current: number, count: number): number | undefined {
  if (count === 0) return undefined
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return Math.min(count - 1, current + 1)
    case 'ArrowUp':
    case 'k':
      return Math.max(0, current - 1)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

/** True when an event comes from inside the element, not from something that floats above the page. */
export function isInside(event: SyntheticEvent<HTMLElement>): boolean {
  return event.target instanceof Node && event.currentTarget.contains(event.target)
}
