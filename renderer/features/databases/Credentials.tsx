import { IconEye, IconEyeOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { copySecret } from './mutations.ts'
import type { Connection } from './use-connection.ts'
import classes from './Credentials.module.css'

/** As many dots as every generated password has characters, whatever this one's length. */
const passwordDots = '•'.repeat(24)

/** Each part of the connection by itself, to copy. */
export function Credentials({
  database,
  connection,
}: {
  database: DatabaseView
  connection: Connection
}) {
  const { view, password } = connection
  if (view === undefined) return null
  return (
    <section aria-label="Credentials">
      <h2 className={classes.title}>Credentials</h2>
      <dl className={classes.table}>
        <Row label="Host" value={view.host} note={view.tunnel ? 'through the tunnel' : ''} />
        <Row
          label="Port"
          value={String(view.port)}
          note={view.tunnel ? `${view.remotePort} on ${database.hostName}` : ''}
        />
        <Row label="User" value={view.user} />
        <Row
          label="Password"
          note="24 characters, in the keychain only"
          copy={copySecret(database.id, 'password')}
          value={
            password ?? (
              <span className={classes.dots} aria-label="hidden">
                {passwordDots}
              </span>
            )
          }
          more={
            <IconButton
              label={password === null ? 'Show password' : 'Hide password'}
              aria-pressed={password !== null}
              onClick={connection.togglePassword}
            >
              {password === null ? (
                <IconEye size={16} stroke={1.5} />
              ) : (
                <IconEyeOff size={16} stroke={1.5} />
              )}
            </IconButton>
          }
        />
        <Row label="Database" value={view.database} />
        <Row label="SSL mode" value={view.sslmode} />
      </dl>
    </section>
  )
}

function Row(
  props: { label: string; note?: string; more?: ReactNode } & (
    { value: string; copy?: undefined } | { value: ReactNode; copy: () => Promise<unknown> }
  ),
) {
  const { label, note, more } = props
  return (
    <div className={classes.row}>
      <dt className={classes.label}>{label}</dt>
      <dd className={`${classes.value} mono`}>{props.value}</dd>
      <dd className={classes.note}>{note}</dd>
      <dd className={classes.buttons}>
        {more}
        <CopyIcon
          copy={props.copy === undefined ? props.value : props.copy}
          label={`Copy ${label.toLowerCase()}`}
        />
      </dd>
    </div>
  )
}
