import { useCallback, useMemo, useState } from 'react'
import * as z from 'zod'
import { environments } from '../../../shared/names.ts'
import { filterStates, type DatabaseFilter } from './filter.ts'
import { useRemembered } from './remembered.ts'

const keptFilter = z.object({
  hosts: z.array(z.string()),
  environments: z.array(z.enum(environments)),
  engines: z.array(z.string()),
  states: z.array(z.enum(filterStates)),
})
const everything: z.infer<typeof keptFilter> = {
  hosts: [],
  environments: [],
  engines: [],
  states: [],
}
const keptFolds = z.array(z.string())
const noFolds: string[] = []

/** How the list is narrowed, which is the same after a restart but for the words of the search. */
export function useListFilter(): [DatabaseFilter, (next: DatabaseFilter) => void] {
  const [text, setText] = useState('')
  const [kept, keep] = useRemembered('list-filter', keptFilter, everything)
  const filter = useMemo(
    () => ({
      text,
      hosts: new Set(kept.hosts),
      environments: new Set(kept.environments),
      engines: new Set(kept.engines),
      states: new Set(kept.states),
    }),
    [text, kept],
  )
  const set = useCallback(
    (next: DatabaseFilter) => {
      setText(next.text)
      keep({
        hosts: [...next.hosts],
        environments: [...next.environments],
        engines: [...next.engines],
        states: [...next.states],
      })
    },
    [keep],
  )
  return [filter, set]
}

/** The hosts whose databases are folded away, also after a restart. */
export function useFolds(): [ReadonlySet<string>, (hostId: string) => void] {
  const [kept, keep] = useRemembered('list-folds', keptFolds, noFolds)
  const folded = useMemo(() => new Set(kept), [kept])
  const fold = (hostId: string) => {
    keep(folded.has(hostId) ? kept.filter((id) => id !== hostId) : [...kept, hostId])
  }
  return [folded, fold]
}
