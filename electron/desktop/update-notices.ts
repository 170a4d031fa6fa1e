import type { Notice } from './notice.ts'

/** That an update lies ready: nothing happens by itself. */
export function updateNotice(before: string | null, update: string | null): Notice[] {
  if (update === null || update === before) return []
  return [
    {
      title: `Quayside ${update} is ready`,
      body: 'Quit and install it from the settings, when it suits you.',
      place: { kind: 'settings' },
    },
  ]
}
