import {
  IconActivity,
  IconArchive,
  IconCopy,
  IconDatabase,
  IconFileExport,
  IconFileImport,
  IconHistory,
  IconKey,
  IconKeyboard,
  IconMoon,
  IconPlayerPlay,
  IconPlus,
  IconRefresh,
  IconPlugConnected,
  IconPlugConnectedX,
  IconServer2,
  IconSettings,
  IconSquare,
  IconSun,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import { DatabaseDialogs, type DatabaseDialog } from '../features/databases/DatabaseDialogs.tsx'
import { copySecret, useDatabaseAct } from '../features/databases/mutations.ts'
import { useToggleTunnel } from '../features/databases/use-toggle-tunnel.ts'
import { jobsQuery } from '../features/jobs/queries.ts'
import { Palette } from '../features/palette/Palette.tsx'
import type { PaletteCommand } from '../features/palette/results.ts'
import { isLive } from '../lib/database-state.ts'
import { showDone, showError } from '../ui/toasts.tsx'

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
  const commands = useCommands(props)
  const actionsOf = useActions((database, dialog) => {
    setAsked({ database, dialog })
  })
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

/** What can be done with a database in its state. */
function useActions(ask: (database: DatabaseView, dialog: DatabaseDialog) => void) {
  const [, navigate] = useLocation()
  const act = useDatabaseAct()
  const jobs = useQuery(jobsQuery).data
  const { tunnelOf, canToggle, toggle } = useToggleTunnel()
  const copy = (database: DatabaseView, what: 'url' | 'env' | 'password', words: string) => () => {
    copySecret(database.id, what)().then(() => {
      showDone(`The ${words} of ${database.name} is copied`)
    }, showError)
  }
  return (database: DatabaseView): PaletteCommand[] => {
    const { id, environment, status, jobId, hostName } = database
    const asks = environment === 'production'
    const free = jobId === null && status !== 'unknown'
    const controlling = (which: 'stop' | 'restart', verb: string, Icon: typeof IconPlus) => ({
      id: which,
      label: asks ? `${verb}…` : verb,
      ...(asks && { fact: 'asks first: production' }),
      icon: icon(Icon),
      run: () => {
        if (asks) ask(database, which)
        else act.mutate({ act: which, database })
      },
    })
    const tunnel = tunnelOf(database)
    const newest = jobs?.find((job) => job.databaseId === id)
    return [
      ...(isLive(database)
        ? [
            {
              id: 'copy-url',
              label: 'Copy connection URL',
              fact: 'leaves the clipboard after 60 s',
              icon: icon(IconCopy),
              run: copy(database, 'url', 'connection URL'),
            },
            {
              id: 'copy-env',
              label: 'Copy .env line',
              icon: icon(IconCopy),
              run: copy(database, 'env', '.env line'),
            },
          ]
        : []),
      ...(canToggle(database)
        ? [
            {
              id: 'tunnel',
              label: tunnel === undefined ? 'Open tunnel' : 'Close tunnel',
              ...(tunnel !== undefined && { fact: `open on local port ${tunnel.localPort}` }),
              icon: icon(tunnel === undefined ? IconPlugConnected : IconPlugConnectedX),
              keys: 'mod+T',
              run: () => {
                toggle(database)
              },
            },
          ]
        : []),
      {
        id: 'open',
        label: 'Open database',
        fact: `on ${hostName}`,
        icon: icon(IconDatabase),
        run: () => {
          navigate(`/databases/${id}`)
        },
      },
      ...(status === 'creating' || status === 'trash'
        ? []
        : [
            {
              id: 'back-up',
              label: 'Back up now…',
              icon: icon(IconArchive),
              keys: 'mod+B',
              run: () => {
                navigate(`/backups/${id}/new`)
              },
            },
            {
              id: 'export',
              label: 'Export to a file…',
              icon: icon(IconFileExport),
              run: () => {
                navigate(`/backups/${id}/export`)
              },
            },
          ]),
      {
        id: 'backups-of',
        label: 'Show backups',
        icon: icon(IconArchive),
        run: () => {
          navigate(`/backups/${id}`)
        },
      },
      ...(isLive(database) && free
        ? [controlling('restart', 'Restart', IconRefresh), controlling('stop', 'Stop', IconSquare)]
        : []),
      ...(!isLive(database) && free
        ? [
            {
              id: 'start',
              label: 'Start',
              icon: icon(IconPlayerPlay),
              run: () => {
                act.mutate({ act: 'start', database })
              },
            },
          ]
        : []),
      {
        id: 'copy-password',
        label: 'Copy password',
        icon: icon(IconKey),
        run: copy(database, 'password', 'password'),
      },
      ...(newest === undefined
        ? []
        : [
            {
              id: 'activity',
              label: 'Show newest activity',
              fact: newest.title,
              icon: icon(IconActivity),
              run: () => {
                navigate(`/activity/${newest.id}`)
              },
            },
          ]),
    ]
  }
}
