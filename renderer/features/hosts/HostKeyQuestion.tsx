import { Button } from '@mantine/core'
import type { HostKey } from '../../../shared/contract/hosts.ts'
import { fingerprintCommand, keyTypeLabel } from '../../lib/fingerprint.ts'
import { CodeLine } from '../../ui/CodeLine.tsx'
import { CopyButton, CopyIcon } from '../../ui/CopyButton.tsx'
import { Fingerprint } from './Fingerprint.tsx'
import classes from './HostKeyQuestion.module.css'

/** Asks to compare the fingerprint of a key that is seen for the first time. */
export function HostKeyQuestion(props: {
  shownBy: string
  hostKey: HostKey
  pending: boolean
  onTrust: (fingerprint: string) => void
  onDiffers?: () => void
}) {
  const { shownBy, hostKey, pending, onTrust, onDiffers } = props
  const command = fingerprintCommand(hostKey.type)
  return (
    <div>
      <p className={classes.text}>
        This computer has not met this key before: it is not in known_hosts. Compare it with what
        the server itself says.
      </p>
      <div className={classes.key}>
        <div className={classes.keyHead}>
          <span>Key shown by {shownBy}</span>
          <span>{keyTypeLabel(hostKey.type)}</span>
        </div>
        <div className={classes.keyBody}>
          <Fingerprint text={hostKey.fingerprint} />
          <CopyIcon copy={hostKey.fingerprint} label="Copy fingerprint" />
        </div>
      </div>
      <div className={classes.command}>On the server, or in your provider’s console, run</div>
      <CodeLine actions={<CopyButton copy={command} label="Copy" />}>{command}</CodeLine>
      <div className={classes.buttons}>
        <Button
          variant="filled"
          loading={pending}
          onClick={() => {
            onTrust(hostKey.fingerprint)
          }}
        >
          It matches, trust this key
        </Button>
        {onDiffers !== undefined && (
          <Button disabled={pending} onClick={onDiffers}>
            It differs, stop
          </Button>
        )}
      </div>
    </div>
  )
}
