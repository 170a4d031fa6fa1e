import {
  IconArchive,
  IconClock,
  IconDatabase,
  IconFileImport,
  IconHistory,
  IconKey,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconServer2,
  IconSettings,
  IconSun,
} from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import { DatabaseDialogs, type DatabaseDialog } from '../features/databases/DatabaseDialogs.tsx'
import { useDatabaseEntries } from '../features/databases/database-entries.tsx'
import { Palette } from '../features/palette/Palette.tsx'
import type { PaletteCommand } from '../features/palette/results.ts'
import { useOffered } from '../lib/offered-commands.ts'
import { useHostCommands } from './host-commands.tsx'

interface CommandPaletteProps {
  opened: boolean
  scheme: 'light' | 'dark'
  onToggleScheme: () => void
  onShowShortcuts: () => void
  onClose: () => void
}

const icon = (Icon: typeof IconPlus): ReactNode => <Icon size={16} stroke={1.5} />

/** The palette with all that the app can do, and the question that production asks first. */
export function CommandPalette(props: CommandPaletteProps) {
  const { opened, onClose } = props
  const [asked, setAsked] = useState<{ database: DatabaseView; dialog: DatabaseDialog }>()
  const commands = [...useOffered(), ...useCommands(props), ...useHostCommands()]
  const entriesOf = useDatabaseEntries((database, dialog) => {
    setAsked({ database, dialog })
  })
  const actionsOf = (database: DatabaseView) =>
    entriesOf(database).filter(({ disabled = false }) => !disabled)
  return (
    <>
      {opened && <Palette commands={commands} actionsOf={actionsOf} onClose={onClose} />}
      {asked !== undefined && (
        <DatabaseDialogs
          {...asked}
          onClose={() => {
            setAsked(undefined)
          }}
        />
      )}
    </>
  )
}

/** What is no one database's. */
function useCommands(props: CommandPaletteProps): PaletteCommand[] {
  const { scheme, onToggleScheme, onShowShortcuts } = props
  const [, navigate] = useLocation()
  const go = (path: string) => () => {
    navigate(path)
  }
  const dark = scheme === 'dark'
  return [
    {
      id: 'create',
      label: 'Create database',
      icon: icon(IconPlus),
      keys: 'mod+N',
      run: go('/databases/new'),
    },
    {
      id: 'import',
      label: 'Import a database',
      icon: icon(IconFileImport),
      run: go('/databases/import'),
    },
    { id: 'add-host', label: 'Add host', icon: icon(IconPlus), run: go('/hosts/new') },
    {
      id: 'databases',
      label: 'Show databases',
      icon: icon(IconDatabase),
      keys: 'mod+1',
      run: go('/databases'),
    },
    {
      id: 'hosts',
      label: 'Show hosts',
      icon: icon(IconServer2),
      keys: 'mod+2',
      run: go('/hosts'),
    },
    {
      id: 'backups',
      label: 'Show backups',
      icon: icon(IconArchive),
      keys: 'mod+3',
      run: go('/backups'),
    },
    {
      id: 'destinations',
      label: 'Show destinations',
      icon: icon(IconArchive),
      run: go('/backups/destinations'),
    },
    {
      id: 'schedules',
      label: 'Show schedules',
      icon: icon(IconClock),
      run: go('/backups/schedules'),
    },
    {
      id: 'new-schedule',
      label: 'New schedule',
      icon: icon(IconPlus),
      onlyFound: true,
      run: go('/backups/schedules/new'),
    },
    {
      id: 'new-destination',
      label: 'Add destination',
      icon: icon(IconPlus),
      onlyFound: true,
      run: go('/backups/destinations/new'),
    },
    {
      id: 'recovery-key',
      label: 'Show recovery key',
      icon: icon(IconKey),
      onlyFound: true,
      run: go('/backups/recovery-key'),
    },
    {
      id: 'activity',
      label: 'Show activity',
      icon: icon(IconHistory),
      keys: 'mod+4',
      run: go('/activity'),
    },
    {
      id: 'settings',
      label: 'Show settings',
      icon: icon(IconSettings),
      keys: 'mod+5',
      run: go('/settings'),
    },
    {
      id: 'theme',
      label: dark ? 'Switch to light theme' : 'Switch to dark theme',
      icon: icon(dark ? IconSun : IconMoon),
      keys: 'mod+shift+L',
      run: onToggleScheme,
    },
    {
      id: 'shortcuts',
      label: 'Show keyboard shortcuts',
      icon: icon(IconKeyboard),
      keys: '?',
      run: onShowShortcuts,
    },
  ]
}
