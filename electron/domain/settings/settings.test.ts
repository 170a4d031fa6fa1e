import { expect, it } from 'vitest'
import { usualSettings, type Settings } from '../../../shared/contract/settings.ts'
import { createSettings } from './settings.ts'

it('a change leaves the other settings as they are, also among what is remembered', async () => {
  let kept: Settings = usualSettings
  const news: unknown[] = []
  const settings = createSettings({
    store: { get: () => kept, set: (next) => (kept = next) },
    publish: (event) => news.push(event),
  })
  await settings.set({ remembered: { folds: '["a"]' } })
  await settings.set({ theme: 'dark', remembered: { filter: '{}' } })
  expect(await settings.set({ remembered: { folds: '[]' } })).toEqual({
    ...usualSettings,
    theme: 'dark',
    remembered: { folds: '[]', filter: '{}' },
  })
  expect(news).toEqual(Array(3).fill({ type: 'changed', topic: 'settings' }))
})
