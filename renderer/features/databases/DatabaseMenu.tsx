import { Menu } from '@mantine/core'
import { Fragment, type ReactElement } from 'react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { grouped } from '../../lib/grouped.ts'
import type { DatabaseDialog } from './DatabaseDialogs.tsx'
import { useDatabaseCommands } from './database-commands.ts'

interface DatabaseMenuProps {
  database: DatabaseView
  /** On its own page there is no need to open it. */
  opens?: boolean
  onAsk: (dialog: DatabaseDialog) => void
  children: ReactElement
}

/** Everything that can be done with a database, behind three dots. */
export function DatabaseMenu({ children, ...about }: DatabaseMenuProps) {
  return (
    <Menu width={216}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Items {...about} />
      </Menu.Dropdown>
    </Menu>
  )
}

/** Made only while the menu is open: a thousand rows have one. */
function Items({ database, opens = false, onAsk }: Omit<DatabaseMenuProps, 'children'>) {
  const commandsOf = useDatabaseCommands((_, dialog) => {
    onAsk(dialog)
  })
  const shown = commandsOf(database).filter(
    ({ id, group }) => group !== null && (opens || id !== 'open'),
  )
  return [...grouped(shown, ({ group }) => group)].map(([group, entries], index) => (
    <Fragment key={group}>
      {index > 0 && <Menu.Divider />}
      {entries.map(({ id, label, disabled = false, destroys = false, run }) => (
        <Menu.Item
          key={id}
          disabled={disabled}
          {...(destroys && { c: 'var(--q-fail)' })}
          onClick={run}
        >
          {label}
        </Menu.Item>
      ))}
    </Fragment>
  ))
}
