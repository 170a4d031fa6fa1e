import { Button, Menu } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconDots } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { noValue } from '../../lib/format.ts'
import { isInside } from '../../lib/list-keys.ts'
import { Age } from '../../ui/Age.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import type { DestinationDialog } from './Destinations.tsx'
import { useScanDestination } from './mutations.ts'
import classes from './Destinations.module.css'

/** One destination with what can be done there. */
export function DestinationRow({
  destination,
  onAsk,
}: {
  destination: DestinationView
  onAsk: (dialog: DestinationDialog) => void
}) {
  const { id, name, kindLabel, place, offSite, lastCheck } = destination
  const [, navigate] = useLocation()
  const scan = useScanDestination()
  const edit = () => {
    navigate(`/backups/destinations/${id}`)
  }
  return (
    <div
      role="row"
      tabIndex={0}
      aria-label={name}
      className={classes.row}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget && isInside(event)) edit()
      }}
    >
      <span role="cell" className={classes.cell}>
        <span className={classes.name}>{name}</span>
        <span className={classes.second}>{kindLabel}</span>
      </span>
      <span role="cell" className={`${classes.cell} ${classes.place}`} title={place}>
        {place === '' ? noValue : place}
      </span>
      <span role="cell">
        <span className={offSite ? `${classes.mark} ${classes.away}` : classes.mark}>
          {offSite ? 'Off-site' : 'On site'}
        </span>
      </span>
      <span role="cell" className={classes.cell}>
        <LastCheck check={lastCheck} />
      </span>
      <span role="cell" className={classes.actions}>
        <Button
          size="xs"
          aria-label={`Check ${name}`}
          onClick={() => {
            onAsk('check')
          }}
        >
          Check
        </Button>
        <Menu width={208}>
          <Menu.Target>
            <IconButton label={`More for ${name}`} framed>
              <IconDots size={16} stroke={1.5} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={edit}>Edit destination</Menu.Item>
            <Menu.Item
              disabled={scan.isPending}
              onClick={() => {
                scan.mutate({ destinationId: id })
              }}
            >
              Look for backups there
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                onAsk('recovery-key')
              }}
            >
              Enter recovery key…
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                onAsk('rotate-key')
              }}
            >
              Rotate key…
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              c="var(--q-fail)"
              onClick={() => {
                onAsk('remove')
              }}
            >
              Remove…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </div>
  )
}

function LastCheck({ check }: { check: DestinationView['lastCheck'] }) {
  if (check === null) return <span className={classes.never}>Never</span>
  if (check.error === null) {
    return (
      <span className={classes.sign}>
        <IconCheck size={14} stroke={1.8} color="var(--q-ok)" aria-label="Works" />
        <Age at={check.at} />
      </span>
    )
  }
  return (
    <>
      <span className={`${classes.sign} ${classes.bad}`}>
        <IconAlertTriangle size={14} stroke={1.6} aria-label="Failed" />
        <span>
          Failed <Age at={check.at} />
        </span>
      </span>
      <span className={classes.second} title={check.error.message}>
        {check.error.message}
      </span>
    </>
  )
}
