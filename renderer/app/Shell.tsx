import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useLocation } from 'wouter'
import { SecretsBanner } from '../features/secrets/SecretsBanner.tsx'
import { undoLast } from '../lib/undo.ts'
import { Routes } from './Routes.tsx'
import { Sidebar } from './Sidebar.tsx'
import classes from './Shell.module.css'

/** The window: sidebar, screen, and the keys that work everywhere. */
export function Shell() {
  const [location, navigate] = useLocation()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const toggleScheme = () => {
    setColorScheme(scheme === 'dark' ? 'light' : 'dark')
  }
  const go = (path: string) => () => {
    navigate(path)
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
            ['mod+3', go('/activity')],
          ] satisfies [string, () => void][])),
    ],
    [],
  )
  // Inside a field, undo belongs to the text.
  useHotkeys([['mod+Z', undoLast]])
  return (
    <div className={classes.shell}>
      <Sidebar scheme={scheme} onToggleScheme={toggleScheme} />
      <main className={classes.main}>
        <SecretsBanner />
        <Routes />
      </main>
    </div>
  )
}
