import { useComputedColorScheme } from '@mantine/core'
import { useHotkeys, useWindowEvent } from '@mantine/hooks'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { AppBanner } from '../features/app/AppBanner.tsx'
import { FailureToasts } from '../features/jobs/FailureToasts.tsx'
import { SecretsBanner } from '../features/secrets/SecretsBanner.tsx'
import { useBegunForm } from '../lib/begun-form.ts'
import { call } from '../lib/call.ts'
import { isFloating, isTyping } from '../lib/keys.ts'
import { undoLast } from '../lib/undo.ts'
import { showError } from '../ui/toasts.tsx'
import { CommandPalette } from './CommandPalette.tsx'
import { Routes } from './Routes.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import { Sidebar } from './Sidebar.tsx'
import classes from './Shell.module.css'

/** The window: sidebar, screen, and the keys that work everywhere. */
export function Shell() {
  const [location, navigate] = useLocation()
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const toggleScheme = () => {
    call('settings.set', { theme: scheme === 'dark' ? 'light' : 'dark' }).catch(showError)
  }
  const [floating, setFloating] = useState<'palette' | 'shortcuts' | null>(null)
  const toggle = (which: 'palette' | 'shortcuts') => (event: KeyboardEvent) => {
    // What is asked for in a dialog comes first.
    if (floating === null && isFloating(event.target)) return
    setFloating(floating === which ? null : which)
  }
  const close = () => {
    setFloating(null)
  }
  const hasBegunForm = useBegunForm()
  const go = (path: string) => (event: KeyboardEvent) => {
    // What is asked in a dialog, or half typed into a form, is not thrown away by a key.
    if (!isFloating(event.target) && !hasBegunForm()) navigate(path)
  }
  // While a host is added, these keys choose the way to begin.
  const choosing = location === '/hosts/new' || location === '/'
  useHotkeys(
    [
      ['mod+shift+L', toggleScheme],
      ['mod+N', go('/databases/new')],
      ...(choosing
        ? []
        : ([
            ['mod+1', go('/databases')],
            ['mod+2', go('/hosts')],
            ['mod+3', go('/backups')],
            ['mod+4', go('/activity')],
            ['mod+5', go('/settings')],
          ] satisfies [string, (event: KeyboardEvent) => void][])),
    ],
    [],
  )
  // Where the sign stands differs between keyboards: what counts is the sign, not its keys.
  useWindowEvent('keydown', (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (event.key === '?' && plain && !isTyping(event.target)) toggle('shortcuts')(event)
  })
  // From inside a field too: the palette is where one goes from anywhere.
  useHotkeys([['mod+K', toggle('palette')]], [])
  // Inside a field, undo belongs to the text.
  useHotkeys([
    [
      'mod+Z',
      (event) => {
        if (!isFloating(event.target)) undoLast()
      },
    ],
  ])
  return (
    <div className={classes.shell}>
      <Sidebar
        scheme={scheme}
        onToggleScheme={toggleScheme}
        onOpenPalette={() => {
          setFloating('palette')
        }}
      />
      <FailureToasts />
      <main className={classes.main}>
        <AppBanner />
        <SecretsBanner />
        <Routes />
      </main>
      <CommandPalette
        opened={floating === 'palette'}
        scheme={scheme}
        onToggleScheme={toggleScheme}
        onShowShortcuts={() => {
          setFloating('shortcuts')
        }}
        onClose={close}
      />
      {floating === 'shortcuts' && <Shortcuts onClose={close} />}
    </div>
  )
}
