import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { HostPort, HostPorts as Ports } from '../../../shared/contract/host-look.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { plural } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { HostPortRow } from './HostPortRow.tsx'
import { hostPortsQuery } from './queries.ts'
import pageClasses from './HostPage.module.css'
import classes from './HostPorts.module.css'

/** A host's open ports against those that should be open. */
export function HostPorts({ host }: { host: HostView }) {
  const query = hostPortsQuery(host)
  const { data, error, isFetching, refetch } = useQuery(query)
  return (
    <section aria-label="Open ports">
      <h2 className={pageClasses.title}>
        {typeof data?.triedAddress === 'string' ? 'Ports, seen from this computer' : 'Open ports'}
        <span className={pageClasses.aside}>
          {data !== undefined && (
            <>
              checked <Age at={data.at} />
            </>
          )}
          <IconButton
            label="Check the ports again"
            disabled={!query.enabled || isFetching}
            onClick={() => {
              void refetch()
            }}
          >
            <IconRefresh size={14} stroke={1.5} />
          </IconButton>
        </span>
      </h2>
      {data !== undefined && <PortTable told={data} />}
      {error !== null && query.enabled && <ErrorBox error={error} />}
      {data === undefined && error === null && query.enabled && <LoadingRows />}
      {data === undefined && !query.enabled && (
        <div className={pageClasses.empty}>Unknown until {host.name} answers.</div>
      )}
    </section>
  )
}

function PortTable({ told }: { told: Ports }) {
  const [all, setAll] = useState(false)
  const shown = all ? told.ports : told.ports.filter(matters)
  const hidden = told.ports.length - shown.length
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Port</th>
            <th scope="col">Held by</th>
            <th scope="col">Now</th>
            <th scope="col">Should be</th>
            <th scope="col">
              <span className={classes.unseen}>Verdict</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((port) => (
            <HostPortRow key={`${port.bound} ${port.port}`} port={port} />
          ))}
        </tbody>
      </table>
      <div className={classes.summary}>
        <span>{summary(told)}</span>
        {(hidden > 0 || all) && (
          <TextButton
            onClick={() => {
              setAll(!all)
            }}
          >
            {all ? 'Show fewer' : `Show ${hidden} more on the loopback`}
          </TextButton>
        )}
      </div>
    </>
  )
}

/** What the network sees, and what would be a database; other programs on the loopback are their own. */
function matters({ bound, heldBy, serves }: HostPort): boolean {
  return bound === 'network' || heldBy?.kind === 'container' || serves !== null
}

function summary({ ports, complete, triedAddress }: Ports): string {
  const exposed = ports.filter(({ verdict }) => verdict === 'exposed').length
  const words =
    exposed === 0
      ? 'No database is open to the network.'
      : exposed === 1
        ? 'One port is open to the network and should not be.'
        : `${plural(exposed, 'port')} are open to the network and should not be.`
  const tried = triedAddress === null ? ' Not tried from this computer.' : ''
  return complete ? `${words}${tried}` : `${words} Only what Docker publishes is known.`
}
