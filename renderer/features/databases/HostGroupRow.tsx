import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { memo } from 'react'
import { Link } from 'wouter'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { hostStateKind, hostStateLabel, needsFindingOut } from '../../lib/host-state.ts'
import { StateDot } from '../../ui/StateDot.tsx'
import type { RowPlace } from './row-place.ts'
import classes from './DatabaseList.module.css'

/** A host's heading in the list; its databases fold behind it. */
export const HostGroupRow = memo(function HostGroupRow(
  props: RowPlace & {
    name: string
    count: number
    folded: boolean
    host: HostView | undefined
  },
) {
  const { index, top, active, name, count, folded, host } = props
  const Chevron = folded ? IconChevronRight : IconChevronDown
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-label={`Host ${name}, ${count}, ${folded ? 'folded' : 'unfolded'}`}
      data-index={index}
      data-group
      tabIndex={active ? 0 : -1}
      className={classes.group}
      style={{ top }}
    >
      <div role="cell" className={classes.groupCell}>
        <Chevron size={14} stroke={1.5} />
        {host !== undefined && host.status.state !== 'ready' && (
          <StateDot kind={hostStateKind(host)} label={hostStateLabel(host)} />
        )}
        <span className={classes.groupName}>{name}</span>
        <span>{count}</span>
        {host !== undefined && needsFindingOut(host) && (
          <Link
            href={`/hosts/${host.id}/diagnosis`}
            className={classes.groupWhy ?? ''}
            tabIndex={-1}
            aria-label={`Find out why ${name} does not answer`}
            onClick={(event) => {
              event.stopPropagation()
            }}
          >
            Find out why
          </Link>
        )}
        {host !== undefined && !needsFindingOut(host) && (
          <Link
            href={`/hosts/${host.id}`}
            className={`${classes.groupWhy} ${classes.groupHost}`}
            tabIndex={-1}
            aria-label={`Show host ${name}`}
            onClick={(event) => {
              event.stopPropagation()
            }}
          >
            Show host
          </Link>
        )}
      </div>
    </div>
  )
})
