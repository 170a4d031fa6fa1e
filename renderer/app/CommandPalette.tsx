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
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseId, DatabaseView } from '../../shared/contract/databases.ts'
import { DatabaseDialogs, type DatabaseDialog } from '../features/databases/DatabaseDialogs.tsx'
import { useDatabaseCommands } from '../features/databases/database-commands.ts'
import { databaseItems } from '../features/databases/queries.ts'
import { Palette } from '../features/palette/Palette.tsx'
import { useOffered, type Command } from '../lib/commands.ts'
import { useListItem } from '../lib/list-items-of.ts'
import { useHostCommands } from './host-commands.ts'

interface PaletteActs {
  scheme: 'light' | 'dark'
  onToggleScheme: () => void
  onShowShortcuts: () => void
  onClose: () => void
}

interface Asked {
  id: DatabaseId
  dialog: DatabaseDialog
}

/** The palette while it is open, and the question that production asks first, which outlives it. */
export function CommandPalette({ opened, ...acts }: PaletteActs & { opened: boolean }) {
  const [asked, setAsked] = useState<Asked>()
  return (
    <>
      {opened && <OpenPalette {...acts} onAsk={setAsked} />}
      {asked !== undefined && (
        <AskedDialog
          {...asked}
          onClose={() => {
            setAsked(undefined)
          }}
        />
      )}
    </>
  )
}

/** The question as the database is now: one that was protected when it was asked may be no more. */
function AskedDialog({ id, ...rest }: Asked & { onClose: () => void }) {
  const database = useListItem(databaseItems, id)
  return database === undefined ? null : <DatabaseDialogs database={database} {...rest} />
}

/** All that the app can do, gathered only while someone looks. */
function OpenPalette({ onAsk, ...acts }: PaletteActs & { onAsk: (asked: Asked) => void }) {
  const commands = [...useOffered(), ...useCommands(acts), ...useHostCommands()]
  const commandsOf = useDatabaseCommands((database, dialog) => {
    onAsk({ id: database.id, dialog })
  })
  const actionsOf = (database: DatabaseView) =>
    commandsOf(database).filter(({ disabled = false }) => !disabled)
  return <Palette commands={commands} actionsOf={actionsOf} onClose={acts.onClose} />
}

/** What is no one database's. */
function useCommands({ scheme, onToggleScheme, onShowShortcuts }: PaletteActs): Command[] {
  const [, navigate] = useLocation()
  const go = (path: string) => () => {
    navigate(path)
  }
  const dark = scheme === 'dark'
  return [
    {
      id: 'create',
      label: 'Create database',
      icon: IconPlus,
      keys: 'mod+N',
      run: go('/databases/new'),
    },
    {
      id: 'import',
      label: 'Import a database',
      icon: IconFileImport,
      run: go('/databases/import'),
    },
    { id: 'add-host', label: 'Add host', icon: IconPlus, run: go('/hosts/new') },
    {
      id: 'databases',
      label: 'Show databases',
      icon: IconDatabase,
      keys: 'mod+1',
      run: go('/databases'),
    },
    {
      id: 'hosts',
      label: 'Show hosts',
      icon: IconServer2,
      keys: 'mod+2',
      run: go('/hosts'),
    },
    {
      id: 'backups',
      label: 'Show backups',
      icon: IconArchive,
      keys: 'mod+3',
      run: go('/backups'),
    },
    {
      id: 'destinations',
      label: 'Show destinations',
      icon: IconArchive,
      run: go('/backups/destinations'),
    },
    {
      id: 'schedules',
      label: 'Show schedules',
      icon: IconClock,
      run: go('/backups/schedules'),
    },
    {
      id: 'new-schedule',
      label: 'New schedule',
      icon: IconPlus,
      onlyFound: true,
      run: go('/backups/schedules/new'),
    },
    {
      id: 'new-destination',
      label: 'Add destination',
      icon: IconPlus,
      onlyFound: true,
      run: go('/backups/destinations/new'),
    },
    {
      id: 'recovery-key',
      label: 'Show recovery key',
      icon: IconKey,
      onlyFound: true,
      run: go('/backups/recovery-key'),
    },
    {
      id: 'activity',
      label: 'Show activity',
      icon: IconHistory,
      keys: 'mod+4',
      run: go('/activity'),
    },
    {
      id: 'settings',
      label: 'Show settings',
      icon: IconSettings,
      keys: 'mod+5',
      run: go('/settings'),
    },
    {
      id: 'theme',
      label: dark ? 'Switch to light theme' : 'Switch to dark theme',
      icon: dark ? IconSun : IconMoon,
      keys: 'mod+shift+L',
      run: onToggleScheme,
    },
    {
      id: 'shortcuts',
      label: 'Show keyboard shortcuts',
      icon: IconKeyboard,
      keys: '?',
      run: onShowShortcuts,
    },
  ]
}
