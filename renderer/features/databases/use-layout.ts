import { useRef } from 'react'
import type { ListItem } from './list-items.ts'

/**
 * The items as they lay when one last came, went or moved: the same list through every change of what
 * they show, so that no place is reckoned anew for it.
 */
export function useLayout(items: readonly ListItem[]): readonly ListItem[] {
  const layout = useRef(items)
  const same =
    layout.current.length === items.length &&
    items.every(({ key }, index) => layout.current[index]?.key === key)
  if (!same) layout.current = items
  return layout.current
}
