import { useMutation, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import type * as z from 'zod'
import { call } from '../../lib/call.ts'
import { showError } from '../../ui/toasts.tsx'
import { settingsQuery } from '../settings/queries.ts'

/** What was kept as JSON; `usual` where there is nothing, or nothing that still makes sense. */
export function recall<T>(text: string | undefined, schema: z.ZodType<T>, usual: T): T {
  if (text === undefined) return usual
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // Of another version, or damaged: a choice of this kind is quickly made anew.
    return usual
  }
}

/**
 * A state that is there again after a restart of the app, by a name in the settings: the page's own
 * storage would have to be waited for before anything is drawn.
 */
export function useRemembered<T>(
  name: string,
  schema: z.ZodType<T>,
  usual: T,
): [T, (next: T) => void] {
  const kept = useQuery({ ...settingsQuery, select: ({ remembered }) => remembered[name] }).data
  const recalled = useMemo(() => recall(kept, schema, usual), [kept, schema, usual])
  const [chosen, choose] = useState<{ value: T } | null>(null)
  const { mutate } = useMutation({
    mutationFn: (next: T) => call('settings.set', { remembered: { [name]: JSON.stringify(next) } }),
    onError: showError,
  })
  const value = chosen === null ? recalled : chosen.value
  const keep = useCallback(
    (next: T) => {
      // Each call writes a file.
      if (JSON.stringify(next) === JSON.stringify(value)) return
      choose({ value: next })
      mutate(next)
    },
    [mutate, value],
  )
  return [value, keep]
}
