import { useWindowEvent } from '@mantine/hooks'
import { useCallback, useRef } from 'react'

/**
 * Gives what says whether something was typed or chosen in a form that is still on the screen: one that was
 * sent leaves it, one that was refused stays as it is.
 */
export function useBegunForm(): () => boolean {
  const form = useRef<Element | null>(null)
  const begin = (event: Event) => {
    const target = event.target instanceof Element ? event.target.closest('form') : null
    if (target !== null) form.current = target
  }
  useWindowEvent('input', begin)
  return useCallback(() => form.current?.isConnected === true, [])
}
