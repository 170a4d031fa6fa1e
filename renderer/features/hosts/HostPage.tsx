import { Button, Menu } from '@mantine/core'
import { IconDots, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { HostId, HostView } from '../../../shared/contract/hosts.ts'
import { connectionLine, hostStateKind, hostStateLabel } from '../../lib/host-state.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { PageWithout } from '../../ui/PageWithout.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { HostConnectionPart } from './HostConnectionPart.tsx'
import { HostContainers } from './HostContainers.tsx'
import { HostDatabases } from './HostDatabases.tsx'
import { HostNotice } from './HostNotice.tsx'
import { HostPorts } from './HostPorts.tsx'
import { HostStrip } from './HostStrip.tsx'
import { HostSystem } from './HostSystem.tsx'
import { RemoveHost } from './RemoveHost.tsx'
import { useReconnectHost } from './mutations.ts'
import { hostsQuery, useHostFacts } from './queries.ts'
import { systemLine } from './host-facts.ts'
import { useHostRecheck } from './use-host-recheck.ts'
import classes from './HostPage.module.css'

/** One host: its state and load, the way to it, what runs there, and its open ports. */
export function HostPage({ id }: { id: HostId }) {
  const hosts = useQuery(hostsQuery)
  const host = hosts.data?.find((each) => each.id === id)
  if (host !== undefined) return <LoadedHost host={host} />
  return (
    <PageWithout title="Host" back="/hosts" query={hosts} gone="This host is not here any more">
      It was removed from Quayside.
    </PageWithout>
  )
}

function LoadedHost({ host }: { host: HostView }) {
  const [, navigate] = useLocation()
  const [removing, setRemoving] = useState(false)
  const reconnect = useReconnectHost()
  const recheck = useHostRecheck(host)
  const { facts } = useHostFacts(host)
  const aside = [connectionLine(host.connection), systemLine(host, facts)]
  return (
    <Page
      header={
        <PageHeader
          title={host.name}
          back="/hosts"
          icon={<StateDot kind={hostStateKind(host)} label={hostStateLabel(host)} />}
          aside={aside.filter((part) => part !== null).join(', ')}
          actions={
            <>
              <Menu>
                <Menu.Target>
                  <IconButton label="More" framed large>
                    <IconDots size={16} stroke={1.5} />
                  </IconButton>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    onClick={() => {
                      navigate(`/databases/new/on/${host.id}`)
                    }}
                  >
                    New database here
                  </Menu.Item>
                  <Menu.Item
                    onClick={() => {
                      reconnect.mutate({ id: host.id })
                    }}
                  >
                    Connect anew
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item
                    c="var(--q-fail)"
                    onClick={() => {
                      setRemoving(true)
                    }}
                  >
                    Remove host…
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
              <Button
                variant="filled"
                leftSection={<IconRefresh stroke={1.5} />}
                loading={recheck.pending}
                onClick={() => {
                  recheck.run({})
                }}
              >
                Check again
              </Button>
            </>
          }
        />
      }
    >
      <HostStrip host={host} />
      <div className={classes.columns}>
        <div>
          <HostNotice host={host} />
          <HostConnectionPart host={host} recheck={recheck} />
          <div className={classes.section}>
            <HostDatabases host={host} />
            <HostContainers host={host} />
          </div>
        </div>
        <div>
          <HostPorts host={host} />
          <HostSystem host={host} />
        </div>
      </div>
      {removing && (
        <RemoveHost
          host={host}
          onClose={() => {
            setRemoving(false)
          }}
        />
      )}
    </Page>
  )
}
