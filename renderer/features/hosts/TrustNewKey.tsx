import type { HostView } from '../../../shared/contract/hosts.ts'
import { fingerprintCommand } from '../../lib/fingerprint.ts'
import { CodeLine } from '../../ui/CodeLine.tsx'
import { ConfirmByName } from '../../ui/Confirm.tsx'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { Fingerprint } from './Fingerprint.tsx'
import { useTrustNewKey } from './mutations.ts'

/** The deliberate act of replacing a pinned key: both fingerprints, and the host's name typed. */
export function TrustNewKey(props: {
  host: HostView
  pinned: string | null
  shown: string
  type: string
  onClose: () => void
}) {
  const { host, pinned, shown, type, onClose } = props
  const trust = useTrustNewKey()
  const command = fingerprintCommand(type)
  return (
    <ConfirmByName
      name={host.name}
      title={`${host.name} shows another key`}
      action="Trust the new key"
      pending={trust.isPending}
      error={trust.error}
      onClose={onClose}
      onConfirm={() => {
        trust.mutate(
          { id: host.id, fingerprint: shown },
          {
            onSuccess: () => {
              showDone(`The new key of ${host.name} is pinned`)
              onClose()
            },
          },
        )
      }}
      proof={
        <Facts>
          {pinned !== null && (
            <FactRow label="Pinned" stacked>
              <Fingerprint text={pinned} />
            </FactRow>
          )}
          <FactRow
            label="Shown now"
            stacked
            action={<CopyIcon copy={shown} label="Copy fingerprint" />}
          >
            <Fingerprint text={shown} />
          </FactRow>
          <FactRow label="On the server itself, run" stacked>
            <CodeLine actions={<CopyIcon copy={command} label="Copy command" />}>
              {command}
            </CodeLine>
          </FactRow>
        </Facts>
      }
    >
      A key changes when a server is set up anew. It also looks like this when another machine
      answers in its place. Trust it only if the server itself prints the fingerprint shown now.
      This is written to the audit log.
    </ConfirmByName>
  )
}
