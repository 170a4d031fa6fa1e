import { useCallback, useState } from 'react'
import type * as z from 'zod'

/** Where a choice is kept over restarts of the app, as the theme is. */
type Shelf = Pick<Storage, 'getItem' | 'setItem'>

/** What was kept under a name; `usual` where there is nothing, or nothing that still makes sense. */
export function recall<T>(shelf: Shelf, name: string, schema: z.ZodType<T>, usual: T): T {
  const text = shelf.getItem(name)
  if (text === null) return usual
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // Of another version, or damaged: a choice of this kind is quickly made anew.
    return usual
  }
}

/** A state that is there again after a restart of the app. Its name is given without `quayside-`. */
export function useRemembered<T>(
  name: string,
  schema: z.ZodType<T>,
  usual: T,
): [T, (next: T) => void] {
  const key = `quayside-${name}`
  const [value, setValue] = useState(() => recall(localStorage, key, schema, usual))
  const keep = useCallback(
    (next: T) => {
      setValue(next)
      localStorage.setItem(key, JSON.stringify(next))
    },
    [key],
  )
  return [value, keep]
}
