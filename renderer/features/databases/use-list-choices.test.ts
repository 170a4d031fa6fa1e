import { setImmediate as turn } from 'node:timers/promises'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { usualSettings } from '../../../shared/contract/settings.ts'
import { settingsQuery } from '../settings/queries.ts'
import { useListFilter } from './use-list-choices.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('the words of a search are written nowhere, what else narrows the list is', async () => {
  const invoke = vi.fn(() => Promise.resolve({ ok: true, value: {} }))
  vi.stubGlobal('window', { quayside: { invoke } })
  const queries = new QueryClient()
  queries.setQueryData(settingsQuery.queryKey, usualSettings)
  let list: ReturnType<typeof useListFilter> | undefined
  function Probe() {
    list = useListFilter()
    return null
  }
  renderToString(createElement(QueryClientProvider, { client: queries }, createElement(Probe)))
  if (list === undefined) throw new Error('nothing was rendered')
  const [filter, set] = list
  set({ ...filter, text: 's' })
  set({ ...filter, text: 'sh' })
  set({ ...filter, states: new Set(['running']) })
  await vi.waitFor(() => expect(invoke).toHaveBeenCalled())
  await turn()
  expect(invoke).toHaveBeenCalledOnce()
})
