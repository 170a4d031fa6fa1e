import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { HostPort } from '../../../shared/contract/host-look.ts'
import { CodeLine } from '../../ui/CodeLine.tsx'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import classes from './HostPorts.module.css'

const verdicts = {
  expected: { label: 'as it should be', Icon: IconCheck, color: 'var(--q-ok)' },
  exposed: { label: 'exposed', Icon: IconAlertTriangle, color: 'var(--q-fail)' },
  note: { label: 'worth a look', Icon: IconInfoCircle, color: 'var(--q-text3)' },
} as const

const answers: Readonly<Record<HostPort['fromHere'], string>> = {
  open: 'open',
  closed: 'refuses',
  filtered: 'no answer',
  unknown: 'not tried',
}

/** One port; what is wrong with it, and what closes it, stand below. */
export function HostPortRow({ port }: { port: HostPort }) {
  const { label, Icon, color } = verdicts[port.verdict]
  const exposed = port.verdict === 'exposed'
  const explained = port.reason !== null && port.shouldBe !== null
  return (
    <>
      <tr className={classNames(exposed && classes.exposed, explained && classes.open)}>
        <th scope="row">{port.port}</th>
        <td>
          <Holder port={port} />
          <div className={classes.second}>{secondLine(port)}</div>
        </td>
        <td className={exposed ? classes.bad : undefined}>
          {port.bound === 'loopback' ? 'closed' : answers[port.fromHere]}
        </td>
        <td className={port.shouldBe === null ? classes.unknown : undefined}>
          {port.shouldBe ?? 'your choice'}
        </td>
        <td className={classes.verdict}>
          <Icon
            size={16}
            stroke={1.5}
            color={color}
            role="img"
            aria-label={port.reason !== null && !explained ? `${label}: ${port.reason}` : label}
          />
        </td>
      </tr>
      {explained && (
        <tr className={classNames(classes.below, exposed && classes.exposed)}>
          <td />
          <td colSpan={4}>
            <div className={classes.reason}>{port.reason}</div>
            {port.hint !== null && <div className={classes.second}>{port.hint}</div>}
            {port.remedy !== null && (
              <div className={classes.remedy}>
                <CodeLine
                  wrap
                  label={`What closes port ${port.port}`}
                  actions={<CopyIcon copy={port.remedy} label="Copy" />}
                >
                  {port.remedy}
                </CodeLine>
              </div>
            )}
          </td>
        </tr>
      )}
    </>
  )
}

function Holder({ port: { heldBy, serves } }: { port: HostPort }) {
  if (heldBy === null) return <span className={classes.unknown}>{serves ?? 'unknown'}</span>
  if (heldBy.databaseId === null) return <span>{heldBy.name}</span>
  return <Link href={`/databases/${heldBy.databaseId}`}>{heldBy.name}</Link>
}

function secondLine({ bound, heldBy, serves, addresses }: HostPort): string {
  const everywhere = addresses.some((address) => address === '0.0.0.0' || address === '::')
  const what =
    heldBy === null ? null : (serves ?? (heldBy.kind === 'container' ? 'container' : null))
  const where = bound === 'loopback' ? 'loopback' : everywhere ? null : `on ${addresses.join(', ')}`
  return [what, where].filter((word) => word !== null).join(', ')
}

function classNames(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
