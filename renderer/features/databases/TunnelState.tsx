import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { StateDot } from '../../ui/StateDot.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { useCloseTunnel, useOpenTunnel } from './mutations.ts'
import type { Connection } from './use-connection.ts'
import classes from './ConnectionCard.module.css'

/** Whether the way to a loopback-bound database is open, and on which local port. */
export function TunnelState({
  database,
  connection,
}: {
  database: DatabaseView
  connection: Connection
}) {
  const open = useOpenTunnel()
  const close = useCloseTunnel()
  const { view, localPort } = connection
  if (view === undefined) return null
  if (!view.tunnel) {
    return (
      <span className={classes.tunnel}>
        <span className={classes.quiet}>Direct, no tunnel needed</span>
      </span>
    )
  }
  if (localPort === null) {
    return (
      <span className={classes.tunnel} role="status">
        <StateDot kind="stopped" label="Closed" />
        Tunnel closed
        <TextButton
          onClick={() => {
            open.mutate(database.id)
          }}
        >
          Open
        </TextButton>
      </span>
    )
  }
  return (
    <span className={classes.tunnel} role="status">
      <StateDot kind="running" label="Open" />
      <span>
        Tunnel open on{' '}
        <span className="mono selectable">
          <span className={classes.loopback}>127.0.0.1:</span>
          {localPort}
        </span>
      </span>
      <TextButton
        onClick={() => {
          close.mutate(database.id)
        }}
      >
        Close
      </TextButton>
    </span>
  )
}
