import type { TunnelClientView } from '../../../shared/contract/tunnels.ts'
import { formatBytes } from '../../lib/format.ts'
import { Since } from '../../ui/Age.tsx'
import classes from './TunnelState.module.css'

/** Who uses a tunnel: the program where the system tells it, since when, and how much went through. */
export function TunnelClients({
  clients,
  hostName,
}: {
  clients: readonly TunnelClientView[]
  hostName: string
}) {
  const oldestFirst = clients.toSorted((a, b) => a.since - b.since)
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Program</th>
          <th scope="col">For</th>
          <th scope="col">Sent</th>
          <th scope="col">Received</th>
        </tr>
      </thead>
      <tbody>
        {oldestFirst.map((client) => (
          <tr key={`${client.address} ${client.since}`}>
            <td>
              <Program client={client} />
            </td>
            <td>
              <Since at={client.since} />
            </td>
            {client.state === 'waiting' ? (
              <td colSpan={2} className={classes.waits}>
                waits for {hostName}
              </td>
            ) : (
              <>
                <td>{formatBytes(client.bytesSent)}</td>
                <td>{formatBytes(client.bytesReceived)}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Program({ client }: { client: TunnelClientView }) {
  if (client.program === null) return <span className="mono selectable">{client.address}</span>
  const { name, pid } = client.program
  return (
    <>
      <span className={classes.program}>{name}</span>{' '}
      <span className={classes.quiet}>process {pid}</span>
    </>
  )
}
