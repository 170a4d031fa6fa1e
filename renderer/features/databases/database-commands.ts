import {
  IconActivity,
  IconArchive,
  IconBox,
  IconCopy,
  IconDatabase,
  IconFileExport,
  IconFileText,
  IconKey,
  IconPlayerPlay,
  IconPlugConnected,
  IconPlugConnectedX,
  IconRefresh,
  IconShieldCheck,
  IconShieldOff,
  IconSquare,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { copyText } from '../../lib/clipboard.ts'
import { isLive } from '../../lib/database-state.ts'
import type { Command } from '../../lib/commands.ts'
import { showDone, showError } from '../../ui/toasts.tsx'
import { jobsQuery } from '../jobs/queries.ts'
import type { DatabaseDialog } from './DatabaseDialogs.tsx'
import { hrefOf } from './href.ts'
import { copySecret, useDatabaseAct, useSetProtection } from './mutations.ts'
import { useToggleTunnel } from './use-toggle-tunnel.ts'

/** One thing that can be done with a database. */
export interface DatabaseCommand extends Command {
  /**
   * What belongs together in a menu, which draws a line between. Null for what stands in none: it has a
   * button of its own wherever the menu stands, or is found by its words alone.
   */
  group: 'look' | 'run' | 'end' | null
  /** Not now; a menu shows that, a list to choose from leaves it out. */
  disabled?: boolean
  destroys?: boolean
}

/** Gives everything that can be done with a database in its state; `ask` opens a question about it first. */
export function useDatabaseCommands(
  ask: (database: DatabaseView, dialog: DatabaseDialog) => void,
): (database: DatabaseView) => DatabaseCommand[] {
  const [, navigate] = useLocation()
  const act = useDatabaseAct()
  const protect = useSetProtection()
  const jobs = useQuery(jobsQuery).data
  const { tunnelOf, canToggle, toggle } = useToggleTunnel()
  const say = (copying: Promise<unknown>, words: string) => {
    copying.then(() => {
      showDone(words)
    }, showError)
  }
  return (database) => {
    const { id, name, environment, status, jobId, hostName } = database
    const go = (path: string) => () => {
      navigate(path)
    }
    const asks = environment === 'production'
    const live = isLive(database)
    const busy = jobId !== null
    const unmade = status === 'creating' || status === 'trash'
    const copy = (what: 'url' | 'env' | 'password', words: string) => () => {
      say(copySecret(id, what)(), `The ${words} of ${name} is copied`)
    }
    const control = (which: 'stop' | 'restart', verb: string): Omit<DatabaseCommand, 'icon'> => ({
      id: which,
      label: asks ? `${verb}…` : verb,
      ...(asks && { fact: 'asks first: production' }),
      group: 'run',
      disabled: busy,
      run: () => {
        if (asks) ask(database, which)
        else act.mutate({ act: which, database })
      },
    })
    const tunnel = tunnelOf(database)
    const newest = jobs?.find((job) => job.databaseId === id)
    const commands: (DatabaseCommand | false)[] = [
      live && {
        id: 'copy-url',
        label: 'Copy connection URL',
        fact: 'leaves the clipboard after 60 s',
        icon: IconCopy,
        group: null,
        run: copy('url', 'connection URL'),
      },
      live && {
        id: 'copy-env',
        label: 'Copy .env line',
        icon: IconCopy,
        group: null,
        run: copy('env', '.env line'),
      },
      canToggle(database) && {
        id: 'tunnel',
        label: tunnel === undefined ? 'Open tunnel' : 'Close tunnel',
        ...(tunnel !== undefined && { fact: `open on local port ${tunnel.localPort}` }),
        icon: tunnel === undefined ? IconPlugConnected : IconPlugConnectedX,
        keys: 'mod+T',
        group: null,
        // Closed by the command that holds it.
        disabled: tunnel?.elsewhere === true,
        run: () => {
          toggle(database)
        },
      },
      {
        id: 'open',
        label: 'Open database',
        fact: `on ${hostName}`,
        icon: IconDatabase,
        group: 'look',
        run: go(hrefOf(database)),
      },
      {
        id: 'log',
        label: 'Show log',
        icon: IconFileText,
        group: 'look',
        disabled: unmade,
        run: go(`/databases/${id}/log`),
      },
      {
        id: 'backups-of',
        label: 'Show backups',
        icon: IconArchive,
        group: 'look',
        run: go(`/backups/${id}`),
      },
      {
        id: 'back-up',
        label: 'Back up now…',
        icon: IconArchive,
        keys: 'mod+B',
        group: 'look',
        disabled: unmade,
        run: go(`/backups/${id}/new`),
      },
      {
        id: 'export',
        label: 'Export to a file…',
        icon: IconFileExport,
        group: 'look',
        disabled: unmade,
        run: go(`/backups/${id}/export`),
      },
      {
        id: 'copy-password',
        label: 'Copy password',
        icon: IconKey,
        group: 'look',
        disabled: unmade,
        run: copy('password', 'password'),
      },
      {
        id: 'copy-container',
        label: 'Copy container name',
        icon: IconBox,
        group: 'look',
        run: () => {
          say(copyText(database.containerName), `The container name of ${name} is copied`)
        },
      },
      live && { ...control('restart', 'Restart'), icon: IconRefresh },
      live && { ...control('stop', 'Stop'), icon: IconSquare },
      !live && {
        id: 'start',
        label: 'Start',
        icon: IconPlayerPlay,
        group: 'run',
        disabled: busy || unmade || status === 'unknown',
        run: () => {
          act.mutate({ act: 'start', database })
        },
      },
      {
        id: 'protection',
        label: database.protected ? 'Lift deletion protection' : 'Protect from deletion',
        icon: database.protected ? IconShieldOff : IconShieldCheck,
        group: 'end',
        disabled: unmade,
        run: () => {
          const words = `${name} is ${database.protected ? 'no longer' : 'now'} protected`
          protect.mutateAsync({ id, protected: !database.protected }).then(
            () => {
              showDone(words)
            },
            // The mutation itself says what went wrong.
            () => undefined,
          )
        },
      },
      {
        id: 'delete',
        label: 'Delete…',
        icon: IconTrash,
        group: 'end',
        disabled: busy || unmade,
        destroys: true,
        run: () => {
          ask(database, 'delete')
        },
      },
      newest !== undefined && {
        id: 'activity',
        label: 'Show newest activity',
        fact: newest.title,
        icon: IconActivity,
        group: null,
        run: go(`/activity/${newest.id}`),
      },
    ]
    return commands.filter((command) => command !== false)
  }
}
