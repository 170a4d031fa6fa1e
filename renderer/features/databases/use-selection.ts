import { useCallback, useMemo, useState } from 'react'

/** Which databases are chosen for what is done to several at once. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly set: (ids: ReadonlySet<string>) => void
  /** Adds or takes away one. */
  readonly toggle: (id: string) => void
  readonly clear: () => void
}

const none: ReadonlySet<string> = new Set()

export function useSelection(): Selection {
  const [ids, set] = useState(none)
  const toggle = useCallback((id: string) => {
    set((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }, [])
  const clear = useCallback(() => {
    set(none)
  }, [])
  return useMemo(() => ({ ids, set, toggle, clear }), [ids, toggle, clear])
}
