import { Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { isInside, moveFocus } from '../lib/list-keys.ts'
import { IconButton } from './IconButton.tsx'
import rows from './rows.module.css'

export interface ActionTableProps {
  label: string
  /** The names of the columns, but for the last one, which holds what can be done. */
  heads: readonly string[]
  /** Sets `--columns`. */
  className: string | undefined
  children: ReactNode
}

/** A list of a few things, each with what can be done with it. */
export function ActionTable({ label, heads, className, children }: ActionTableProps) {
  return (
    <div
      role="table"
      aria-label={label}
      className={className}
      onKeyDown={(event) => {
        moveFocus(event, '[role="row"][tabindex]')
      }}
    >
      <div role="row" className={rows.head}>
        {heads.map((head) => (
          <span key={head} role="columnheader">
            {head}
          </span>
        ))}
        <span role="columnheader">
          <span className={rows.unseen}>Actions</span>
        </span>
      </div>
      {children}
    </div>
  )
}

export interface ActionRowProps {
  name: string
  onOpen: () => void
  /** The button for what is done most. */
  action: ReactNode
  /** The entries of the menu beside it, but for the removal. */
  menu: ReactNode
  menuWidth: number
  onRemove: () => void
  /** Its cells. */
  children: ReactNode
}

/** One of them; Enter opens it. */
export function ActionRow(props: ActionRowProps) {
  const { name, onOpen, action, menu, menuWidth, onRemove, children } = props
  return (
    <div
      role="row"
      tabIndex={0}
      aria-label={name}
      className={rows.row}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget && isInside(event))
          onOpen()
      }}
    >
      {children}
      <span role="cell" className={rows.actions}>
        {action}
        <Menu width={menuWidth}>
          <Menu.Target>
            <IconButton label={`More for ${name}`} framed>
              <IconDots size={16} stroke={1.5} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            {menu}
            <Menu.Divider />
            <Menu.Item c="var(--q-fail)" onClick={onRemove}>
              Remove…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </div>
  )
}

/** A cell of one line or two. */
export function ActionCell({ second, children }: { second?: ReactNode; children: ReactNode }) {
  return (
    <span role="cell" className={rows.cell}>
      {children}
      {second !== undefined && <span className={rows.second}>{second}</span>}
    </span>
  )
}

/** The cell of its name. */
export function NameCell({ name, second }: { name: string; second: ReactNode }) {
  return (
    <ActionCell second={second}>
      <span className={rows.name}>{name}</span>
    </ActionCell>
  )
}
