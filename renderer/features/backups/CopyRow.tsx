import { Button, Menu } from '@mantine/core'
import { IconCheck, IconDots, IconLock, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { BackupCopyView, BackupView } from '../../../shared/contract/backups.ts'
import { formatBytes, noValue } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { destinationsQuery } from '../destinations/queries.ts'
import { useVerifyCopy } from './mutations.ts'
import { RemoveCopy } from './RemoveCopy.tsx'
import { TestRestoreDialog } from './restore/TestRestoreDialog.tsx'
import classes from './DatabaseBackups.module.css'

/** One copy of a backup: its states with their times, its problem, and what can be done with it. */
export function CopyRow({ backup, copy }: { backup: BackupView; copy: BackupCopyView }) {
  const { destinationId, destinationName, bytes, encrypted, problem } = copy
  const offSite = useQuery(destinationsQuery).data?.find(({ id }) => id === destinationId)?.offSite
  const [, navigate] = useLocation()
  const verify = useVerifyCopy()
  const [asked, setAsked] = useState<'test' | 'removal' | null>(null)
  const close = () => {
    setAsked(null)
  }
  return (
    <>
      <tr className={problem === null ? '' : classes.broken}>
        <th scope="row">
          {destinationName}
          <span className={classes.second}>
            {formatBytes(bytes)}
            {offSite === undefined ? '' : offSite ? ', off-site' : ', on site'}
            {encrypted && (
              <>
                {', '}
                <IconLock size={12} stroke={1.6} aria-hidden /> encrypted
              </>
            )}
          </span>
        </th>
        <td>
          <State at={copy.createdAt} />
        </td>
        <td>
          <State at={copy.verifiedAt} />
        </td>
        <td>
          <State at={copy.restoredAt} />
        </td>
        <td>
          <span className={classes.actions}>
            <Button
              className={classes.verify ?? ''}
              size="xs"
              aria-label={`Verify the copy at ${destinationName}`}
              loading={verify.isPending}
              onClick={() => {
                verify.mutate({ id: backup.id, destinationId })
              }}
            >
              Verify
            </Button>
            <Button
              size="xs"
              aria-label={`Restore from the copy at ${destinationName}`}
              onClick={() => {
                navigate(`/backups/restore/${backup.id}/${destinationId}`)
              }}
            >
              Restore…
            </Button>
            <Menu width={176}>
              <Menu.Target>
                <IconButton label={`More for the copy at ${destinationName}`} framed>
                  <IconDots size={16} stroke={1.5} />
                </IconButton>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  disabled={verify.isPending}
                  onClick={() => {
                    verify.mutate({ id: backup.id, destinationId })
                  }}
                >
                  Verify copy
                </Menu.Item>
                <Menu.Item
                  onClick={() => {
                    setAsked('test')
                  }}
                >
                  Test restore…
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item
                  c="var(--q-fail)"
                  onClick={() => {
                    setAsked('removal')
                  }}
                >
                  Remove copy…
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </span>
          {asked === 'test' && <TestRestoreDialog backup={backup} copy={copy} onClose={close} />}
          {asked === 'removal' && <RemoveCopy backup={backup} copy={copy} onClose={close} />}
        </td>
      </tr>
      {problem !== null && (
        <tr className={classes.problem}>
          <td colSpan={5}>
            <IconX size={14} stroke={1.8} color="var(--q-fail)" aria-label="Failed" />
            <span>
              <b>{problem.message}</b> {problem.hint}
            </span>
          </td>
        </tr>
      )}
    </>
  )
}

function State({ at }: { at: number | null }) {
  if (at === null) return <span className={classes.quiet}>{noValue}</span>
  return (
    <span className={classes.state}>
      <IconCheck size={14} stroke={1.8} color="var(--q-ok)" aria-hidden />
      <Age at={at} />
    </span>
  )
}
