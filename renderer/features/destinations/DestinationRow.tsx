import { Button, Menu } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { noValue } from '../../lib/format.ts'
import { ActionCell, ActionRow, NameCell } from '../../ui/ActionTable.tsx'
import { Age } from '../../ui/Age.tsx'
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
    <ActionRow
      name={name}
      onOpen={edit}
      onRemove={() => {
        onAsk('remove')
      }}
      menuWidth={208}
      action={
        <Button
          size="xs"
          aria-label={`Check ${name}`}
          onClick={() => {
            onAsk('check')
          }}
        >
          Check
        </Button>
      }
      menu={
        <>
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
        </>
      }
    >
      <NameCell name={name} second={kindLabel} />
      <span role="cell" className={classes.place} title={place}>
        {place === '' ? noValue : place}
      </span>
      <span role="cell">
        <span className={offSite ? `${classes.mark} ${classes.away}` : classes.mark}>
          {offSite ? 'Off-site' : 'On site'}
        </span>
      </span>
      <LastCheck check={lastCheck} />
    </ActionRow>
  )
}

function LastCheck({ check }: { check: DestinationView['lastCheck'] }) {
  if (check === null) {
    return (
      <ActionCell>
        <span className={classes.never}>Never</span>
      </ActionCell>
    )
  }
  const { at, error } = check
  if (error === null) {
    return (
      <ActionCell>
        <span className={classes.sign}>
          <IconCheck size={14} stroke={1.8} color="var(--q-ok)" aria-label="Works" />
          <Age at={at} />
        </span>
      </ActionCell>
    )
  }
  return (
    <ActionCell second={<span title={error.message}>{error.message}</span>}>
      <span className={`${classes.sign} ${classes.bad}`}>
        <IconAlertTriangle size={14} stroke={1.6} aria-label="Failed" />
        <span>
          Failed <Age at={at} />
        </span>
      </span>
    </ActionCell>
  )
}
