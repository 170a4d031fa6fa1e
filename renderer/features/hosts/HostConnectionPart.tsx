import { useState } from 'react'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { Age } from '../../ui/Age.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { StepList } from '../../ui/StepList.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { expectedSteps } from './check-steps.ts'
import { ChangeDataDirectory } from './ChangeDataDirectory.tsx'
import { checkStepLines } from './CheckStepLines.tsx'
import type { HostRecheck } from './use-host-recheck.ts'
import { connectionLine } from '../../lib/host-state.ts'
import classes from './HostPage.module.css'

const transports = {
  'stream-local': 'a channel to its socket, over one SSH connection',
  'dial-stdio': '“docker system dial-stdio” over one SSH connection',
  socket: 'the socket on this computer',
} as const

/** The way to a host: its facts, or the steps of the check that was asked for. */
export function HostConnectionPart({ host, recheck }: { host: HostView; recheck: HostRecheck }) {
  const { connection, status, baseDomain, dataDirectory } = host
  const [changing, setChanging] = useState(false)
  return (
    <section>
      <h2 className={classes.title}>
        Connection
        {recheck.endedAt !== null && (
          <span className={classes.aside}>
            checked <Age at={recheck.endedAt} />
          </span>
        )}
      </h2>
      {recheck.asked ? (
        <StepList
          label="Steps of the check"
          steps={checkStepLines({
            steps: recheck.check?.steps ?? expectedSteps(connection),
            connection,
            unknownKey: recheck.check?.unknownKey ?? null,
            pending: recheck.pending,
            onTrust: (acceptHostKey) => {
              recheck.run({ acceptHostKey })
            },
            onSecret: (secret) => {
              recheck.run({ secret })
            },
            onAgain: () => {
              recheck.run({})
            },
          })}
        />
      ) : (
        <Facts labelWidth={112}>
          <FactRow label="Reached by">{connectionLine(connection)}</FactRow>
          {connection.kind === 'ssh' && <FactRow label="Login">{loginWords(connection)}</FactRow>}
          {status.systemSsh !== null && (
            <FactRow label="Login by">the system’s ssh, because of {status.systemSsh}</FactRow>
          )}
          {status.systemSshJumps.map(({ host: jump, why }) => (
            <FactRow key={jump} label="By way of">
              {jump}: the system’s ssh, because of {why}
            </FactRow>
          ))}
          {connection.kind === 'local' && <FactRow label="Socket">{connection.socketPath}</FactRow>}
          {status.transport !== null && (
            <FactRow label="Docker by">{transports[status.transport]}</FactRow>
          )}
          <FactRow label="Base domain">{baseDomain ?? 'none'}</FactRow>
          <FactRow
            label="New data in"
            action={
              <TextButton
                onClick={() => {
                  setChanging(true)
                }}
              >
                Change
              </TextButton>
            }
          >
            {dataDirectory ?? 'Docker’s volumes'}
          </FactRow>
          <FactRow label="Added">
            <Age at={host.createdAt} />
          </FactRow>
          {status.limits.length > 0 && (
            <FactRow label="What it lacks" stacked>
              <ul className={classes.limits}>
                {status.limits.map((limit) => (
                  <li key={limit}>{limit}</li>
                ))}
              </ul>
            </FactRow>
          )}
        </Facts>
      )}
      {changing && (
        <ChangeDataDirectory
          host={host}
          onClose={() => {
            setChanging(false)
          }}
        />
      )}
      {recheck.error !== null && <ErrorBox error={recheck.error} />}
    </section>
  )
}

function loginWords({ login }: Extract<HostView['connection'], { kind: 'ssh' }>): string {
  switch (login.kind) {
    case 'agent':
      return 'SSH agent'
    case 'key':
      return login.path
    case 'password':
      return 'Password, in the keychain'
  }
}
