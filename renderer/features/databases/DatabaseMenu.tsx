import { Menu } from '@mantine/core'
import type { ReactElement } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { copyText } from '../../lib/clipboard.ts'
import { showDone, showError } from '../../ui/toasts.tsx'
import type { DatabaseDialog } from './DatabaseDialogs.tsx'
import { copySecret, useDatabaseAct } from './mutations.ts'

/** Everything that can be done with a database, behind three dots. */
export function DatabaseMenu(props: {
  database: DatabaseView
  /** Where “Open database” leads; left out on its own page. */
  href?: string
  onAsk: (dialog: DatabaseDialog) => void
  children: ReactElement
}) {
  const { database, href, onAsk, children } = props
  const [, navigate] = useLocation()
  const act = useDatabaseAct()
  const live = isLive(database)
  const asks = database.environment === 'production'
  const busy = database.jobId !== null
  const more = asks ? '…' : ''
  const ask = (which: 'stop' | 'restart') => () => {
    if (asks) onAsk(which)
    else act.mutate({ act: which, database })
  }
  const copied = (words: string, copying: Promise<unknown>) => {
    copying.then(() => {
      showDone(words)
    }, showError)
  }
  return (
    <Menu width={200}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {href !== undefined && (
          <Menu.Item
            onClick={() => {
              navigate(href)
            }}
          >
            Open database
          </Menu.Item>
        )}
        <Menu.Item
          onClick={() => {
            navigate(`/databases/${database.id}/log`)
          }}
        >
          Show log
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            navigate(`/backups/${database.id}`)
          }}
        >
          Show backups
        </Menu.Item>
        <Menu.Item
          disabled={database.status === 'creating'}
          onClick={() => {
            navigate(`/backups/${database.id}/new`)
          }}
        >
          Back up now…
        </Menu.Item>
        <Menu.Item
          disabled={database.status === 'creating'}
          onClick={() => {
            navigate(`/backups/${database.id}/export`)
          }}
        >
          Export to a file…
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            copied('The password is copied', copySecret(database.id, 'password')())
          }}
        >
          Copy password
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            copied('The container’s name is copied', copyText(database.containerName))
          }}
        >
          Copy container name
        </Menu.Item>
        <Menu.Divider />
        {live ? (
          <>
            <Menu.Item disabled={busy} onClick={ask('restart')}>
              Restart{more}
            </Menu.Item>
            <Menu.Item disabled={busy} onClick={ask('stop')}>
              Stop{more}
            </Menu.Item>
          </>
        ) : (
          <Menu.Item
            disabled={busy || database.status === 'unknown'}
            onClick={() => {
              act.mutate({ act: 'start', database })
            }}
          >
            Start
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          c="var(--q-fail)"
          disabled={busy}
          onClick={() => {
            onAsk('delete')
          }}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
