import { Popover } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { plural } from '../../lib/format.ts'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { useCloseTunnel, useOpenTunnel } from './mutations.ts'
import { TunnelClients } from './TunnelClients.tsx'
import type { Connection } from './use-connection.ts'
import classes from './TunnelState.module.css'

/** Why a tunnel cannot be closed here. */
const heldElsewhere = 'Held by a Quayside command, which alone can close it'

/** The way to a loopback-bound database: closed, open on a local port, or used and by whom. */
export function TunnelState({
  database,
  connection,
}: {
  database: DatabaseView
  connection: Connection
}) {
  const open = useOpenTunnel()
  const close = useCloseTunnel()
  const { view, localPort, tunnel } = connection
  if (view === undefined) return null
  if (!view.tunnel) return <Foot>Direct, no tunnel needed</Foot>
  if (localPort === null) {
    return (
      <Foot>
        <span className={classes.state} role="status">
          <StateDot kind="stopped" label="Closed" />
          Tunnel closed, connecting needs it
        </span>
        <TextButton
          onClick={() => {
            open.mutate(database.id)
          }}
        >
          Open tunnel
        </TextButton>
      </Foot>
    )
  }
  const clients = tunnel?.clients ?? []
  const used = clients.length > 0
  const waiting = clients.filter((client) => client.state === 'waiting').length
  return (
    <Foot moved={tunnel?.movedFrom ?? null} localPort={localPort}>
      <span className={classes.state} role="status">
        <StateDot
          kind={waiting > 0 ? 'attention' : 'running'}
          label={waiting > 0 ? 'Waits for the host' : used ? 'In use' : 'Open'}
        />
        <span>
          Tunnel {used ? 'in use' : 'open'} on{' '}
          <span className="mono selectable">127.0.0.1:{localPort}</span>
        </span>
      </span>
      <CopyIcon copy={`127.0.0.1:${localPort}`} label="Copy address" />
      {used && (
        <Popover position="bottom-start" width={432} shadow="md" withinPortal>
          <Popover.Target>
            <button type="button" className={classes.clients}>
              {plural(clients.length, 'client')}
              <IconChevronDown size={14} stroke={1.5} />
            </button>
          </Popover.Target>
          <Popover.Dropdown className={classes.dropdown} aria-label="Clients of the tunnel">
            <TunnelClients clients={clients} hostName={database.hostName} />
          </Popover.Dropdown>
        </Popover>
      )}
      {tunnel?.elsewhere === true ? (
        <span className={classes.quiet}>{heldElsewhere}</span>
      ) : (
        <TextButton
          onClick={() => {
            close.mutate(database.id)
          }}
        >
          Close tunnel
        </TextButton>
      )}
    </Foot>
  )
}

/** The card's last line; below it what to do where the tunnel had to move. */
function Foot(
  props: { children: ReactNode } & (
    { moved?: undefined } | { moved: number | null; localPort: number }
  ),
) {
  return (
    <div className={classes.foot}>
      <div className={classes.tunnel}>{props.children}</div>
      {typeof props.moved === 'number' && (
        <p className={classes.moved} role="status">
          Another program has taken port {props.moved}, so the tunnel moved to {props.localPort}.
          Copy the connection again where it was saved.
        </p>
      )}
    </div>
  )
}
