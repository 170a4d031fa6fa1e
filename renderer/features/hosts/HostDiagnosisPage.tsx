import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { HostId, HostView } from '../../../shared/contract/hosts.ts'
import { connectionLine, hostStateKind, hostStateLabel } from '../../lib/host-state.ts'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { PageWithout } from '../../ui/PageWithout.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { HostDiagnosis } from './HostDiagnosis.tsx'
import { hostsQuery } from './queries.ts'
import { useHostRecheck } from './use-host-recheck.ts'
import classes from './HostCheckScreen.module.css'

/** Why a host does not answer, or what it lacks. */
export function HostDiagnosisPage({ id }: { id: HostId }) {
  const hosts = useQuery(hostsQuery)
  const host = hosts.data?.find((each) => each.id === id)
  if (host !== undefined) return <LoadedDiagnosis host={host} />
  return (
    <PageWithout title="Host" back="/hosts" query={hosts} gone="This host is not here any more">
      It was removed from Quayside.
    </PageWithout>
  )
}

function LoadedDiagnosis({ host }: { host: HostView }) {
  const recheck = useHostRecheck(host)
  return (
    <Page
      header={
        <PageHeader
          title={`The way to ${host.name}`}
          back={`/hosts/${host.id}`}
          icon={<StateDot kind={hostStateKind(host)} label={hostStateLabel(host)} />}
          aside={connectionLine(host.connection)}
          actions={
            <Button
              leftSection={<IconRefresh stroke={1.5} />}
              loading={recheck.pending}
              onClick={() => {
                recheck.run({})
              }}
            >
              Check again
            </Button>
          }
        />
      }
    >
      <div className={classes.column}>
        <div className={classes.card}>
          <HostDiagnosis host={host} recheck={recheck} />
        </div>
      </div>
    </Page>
  )
}
