import { IconEye, IconEyeOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { hiddenPassword } from '../../../shared/connection-formats.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import type { Connection } from './use-connection.ts'
import classes from './ConnectionCard.module.css'

/** One written form of a connection: its text, show password, and what copies it. */
export function ConnectionText(props: {
  label: string
  /** With the password as dots, or in clear where it may stand in another writing than its own. */
  text: string
  connection: Pick<Connection, 'password' | 'togglePassword'>
  copy: ReactNode
}) {
  const { label, text, connection, copy } = props
  const { password, togglePassword } = connection
  return (
    <div className={classes.line}>
      <pre className={classes.code} aria-label={`Connection as ${label}`} tabIndex={0}>
        <Masked text={text} password={password} />
      </pre>
      <IconButton
        label={password === null ? 'Show password' : 'Hide password'}
        framed
        large
        aria-pressed={password !== null}
        onClick={togglePassword}
      >
        {password === null ? (
          <IconEye size={16} stroke={1.5} />
        ) : (
          <IconEyeOff size={16} stroke={1.5} />
        )}
      </IconButton>
      {copy}
    </div>
  )
}

/** A connection's text with the password as dots, or in clear where it was asked for. */
function Masked({ text, password }: { text: string; password: string | null }) {
  const parts = text.split(hiddenPassword)
  return parts.map((part, index) => (
    <span key={index}>
      {index > 0 &&
        (password === null ? <span className={classes.dots}>{hiddenPassword}</span> : password)}
      {part}
    </span>
  ))
}
