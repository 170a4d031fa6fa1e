import { Tooltip } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { useCallback, useRef, useState, useSyncExternalStore } from 'react'

/** The pointer rests so long on a button, or the keyboard stays at it, milliseconds. */
const restMs = 400

/**
 * Shows the name of the icon button that the pointer rests on or the keyboard is at. One tooltip for
 * all of them: a list has hundreds, and each of its own would cost as much as the rest of its row.
 */
export function Tips() {
  const { target, rests } = useRest()
  const label = useName(target)
  if (target === null) return null
  return <Tooltip target={target} label={label} opened={rests && label !== ''} />
}

/** The icon button that was looked at last, and whether it still is. */
function useRest() {
  const [state, setState] = useState<{ target: HTMLElement | null; rests: boolean }>({
    target: null,
    rests: false,
  })
  const at = useRef<HTMLElement | null>(null)
  const timer = useRef<number>(undefined)
  const look = (button: HTMLElement | null) => {
    if (button === at.current) return
    at.current = button
    window.clearTimeout(timer.current)
    setState((before) => (before.rests ? { ...before, rests: false } : before))
    if (button === null) return
    timer.current = window.setTimeout(() => setState({ target: button, rests: true }), restMs)
  }
  useWindowEvent('pointerover', ({ target }) => look(buttonAround(target)))
  useWindowEvent('focusin', ({ target }) => {
    const button = buttonAround(target)
    look(button?.matches(':focus-visible') === true ? button : null)
  })
  useWindowEvent('focusout', () => look(null))
  useWindowEvent('keydown', () => look(null))
  useWindowEvent('wheel', () => look(null))
  return state
}

/** A button's name as it is now; empty while what it opens is open. */
function useName(target: HTMLElement | null): string {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const observer = new MutationObserver(onChange)
      if (target !== null) observer.observe(target, { attributes: true })
      return () => observer.disconnect()
    },
    [target],
  )
  return useSyncExternalStore(subscribe, () =>
    target === null || target.ariaExpanded === 'true' ? '' : (target.ariaLabel ?? ''),
  )
}

function buttonAround(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
}
