import { Button } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { Since, Until } from '../../ui/Age.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { SecretField } from './SecretField.tsx'
import { TrustNewKey } from './TrustNewKey.tsx'
import { useReconnectHost, useSetHostSecret } from './mutations.ts'
import classes from './HostPage.module.css'

const secretCodes: Readonly<Record<string, string>> = {
  login_refused: 'Password',
  passphrase_needed: 'Passphrase',
  passphrase_wrong: 'Passphrase',
}

/** What is wrong with a host now, and what helps. */
export function HostNotice({ host }: { host: HostView }) {
  switch (host.status.state) {
    case 'lost':
      return <LostNotice host={host} />
    case 'refused':
      return <RefusedNotice host={host} />
    case 'key-changed':
      return <KeyChangedNotice host={host} />
    case 'degraded':
      return host.status.error === null ? null : <RefusedNotice host={host} />
    default:
      return null
  }
}

function LostNotice({ host }: { host: HostView }) {
  const { since, nextTry } = host.status
  const reconnect = useReconnectHost()
  return (
    <div className={`${classes.panel} ${classes.notice}`} role="status">
      <span className={classes.noticeDot}>
        <StateDot kind="unknown" label="Unknown" />
      </span>
      <div className={classes.noticeWords}>
        <div className={classes.noticeTitle}>
          {host.name} does not answer since <Since at={since} />
        </div>
        <div className={classes.noticeText}>
          Its databases show what was known then.{' '}
          {nextTry !== null && (
            <>
              Next try in <Until at={nextTry} />.
            </>
          )}
        </div>
      </div>
      <FindOutWhy host={host} />
      <Button
        size="xs"
        loading={reconnect.isPending}
        onClick={() => {
          reconnect.mutate({ id: host.id })
        }}
      >
        Try now
      </Button>
    </div>
  )
}

/** Leads to the way to the host, walked step by step. */
function FindOutWhy({ host }: { host: HostView }) {
  const [, navigate] = useLocation()
  const lacksDocker = host.status.error?.code === 'docker_missing'
  return (
    <Button
      size="xs"
      variant={lacksDocker ? 'filled' : 'default'}
      onClick={() => {
        navigate(`/hosts/${host.id}/diagnosis`)
      }}
    >
      {lacksDocker ? 'Install Docker…' : 'Find out why'}
    </Button>
  )
}

function RefusedNotice({ host }: { host: HostView }) {
  const setSecret = useSetHostSecret()
  const reconnect = useReconnectHost()
  const { error } = host.status
  const { connection } = host
  if (error === null) return null
  const byPassword = connection.kind === 'ssh' && connection.login.kind === 'password'
  const label = error.code === 'login_refused' && !byPassword ? undefined : secretCodes[error.code]
  return (
    <div className={classes.panel}>
      <ErrorBox
        error={setSecret.error ?? error}
        actions={
          <>
            <Button
              size="xs"
              loading={reconnect.isPending}
              onClick={() => {
                reconnect.mutate({ id: host.id })
              }}
            >
              Try now
            </Button>
            <FindOutWhy host={host} />
          </>
        }
      >
        {label !== undefined && (
          <SecretField
            label={label}
            pending={setSecret.isPending}
            onSubmit={(secret) => {
              setSecret.mutate(
                { id: host.id, secret },
                {
                  onSuccess: () => {
                    showDone(`The ${label.toLowerCase()} of ${host.name} is kept in the keychain`)
                  },
                },
              )
            }}
          />
        )}
      </ErrorBox>
    </div>
  )
}

function KeyChangedNotice({ host }: { host: HostView }) {
  const [deciding, setDeciding] = useState(false)
  const { error } = host.status
  if (error === null) return null
  const { pinned, shown } = error.facts ?? {}
  return (
    <div className={classes.panel}>
      <ErrorBox
        error={error}
        actions={
          shown !== undefined && (
            <Button
              size="xs"
              onClick={() => {
                setDeciding(true)
              }}
            >
              Compare and decide…
            </Button>
          )
        }
      >
        <dl className={classes.keys}>
          <dt>Pinned</dt>
          <dd className="mono selectable">{pinned ?? 'unknown'}</dd>
          <dt>Now</dt>
          <dd className={`mono selectable ${classes.now}`}>{shown ?? 'unknown'}</dd>
        </dl>
      </ErrorBox>
      {deciding && shown !== undefined && (
        <TrustNewKey
          host={host}
          pinned={pinned ?? null}
          shown={shown}
          type={error.facts?.['type'] ?? ''}
          onClose={() => {
            setDeciding(false)
          }}
        />
      )}
    </div>
  )
}
