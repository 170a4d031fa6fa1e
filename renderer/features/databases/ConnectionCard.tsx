import { Skeleton } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { Button } from '@mantine/core'
import { useRef, useState, type KeyboardEvent } from 'react'
import { hiddenPassword, type ConnectionFormat } from '../../../shared/connection-formats.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { nextIndex } from '../../lib/list-keys.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { useDelayed } from '../../ui/LoadingRows.tsx'
import { copySecret, useReconnectHost } from './mutations.ts'
import { TunnelState } from './TunnelState.tsx'
import type { Connection } from './use-connection.ts'
import classes from './ConnectionCard.module.css'

interface ConnectionCardProps {
  database: DatabaseView
  connection: Connection
}

/** How to connect, in every written form; the password hidden until it is asked for. */
export function ConnectionCard({ database, connection }: ConnectionCardProps) {
  const [chosen, setChosen] = useState<ConnectionFormat>('url')
  const slow = useDelayed()
  const { view, error } = connection
  if (!isLive(database)) {
    return (
      <section className={classes.card} aria-label="Connection">
        <NotRunning database={database} />
      </section>
    )
  }
  if (view === undefined) {
    if (error !== null) {
      return (
        <ErrorBox
          error={error}
          actions={
            <Button size="xs" onClick={connection.tryAgain}>
              Try again
            </Button>
          }
        />
      )
    }
    return (
      <section className={classes.card} aria-label="Connection" aria-busy="true">
        <div className={classes.top} />
        <Skeleton height={32} visible={slow} />
      </section>
    )
  }
  const format = view.formats.find((each) => each.id === chosen) ?? view.formats[0]
  const closed = view.tunnel && connection.localPort === null
  return (
    <section className={`${classes.card} ${closed ? classes.closed : ''}`} aria-label="Connection">
      <div className={classes.top}>
        <FormatTabs formats={view.formats} chosen={format?.id} onChoose={setChosen} />
        <TunnelState database={database} connection={connection} />
      </div>
      {format !== undefined && (
        <div className={classes.line}>
          <pre className={classes.code} aria-label={`Connection as ${format.label}`} tabIndex={0}>
            <Masked text={format.masked} password={connection.password} />
          </pre>
          <IconButton
            label={connection.password === null ? 'Show password' : 'Hide password'}
            framed
            large
            aria-pressed={connection.password !== null}
            onClick={connection.togglePassword}
          >
            {connection.password === null ? (
              <IconEye size={16} stroke={1.5} />
            ) : (
              <IconEyeOff size={16} stroke={1.5} />
            )}
          </IconButton>
          <CopyButton key={format.id} copy={copySecret(database.id, format.id)} label="Copy" />
        </div>
      )}
    </section>
  )
}

function NotRunning({ database }: { database: DatabaseView }) {
  const reconnect = useReconnectHost()
  const { hostId, hostName, name } = database
  if (database.status !== 'unknown') {
    return <div className={classes.notRunning}>{name} is not running. Start it to connect.</div>
  }
  return (
    <div className={classes.notRunning}>
      {hostName} does not answer, so there is no way to {name} now.
      <Button
        size="xs"
        loading={reconnect.isPending}
        onClick={() => {
          reconnect.mutate({ id: hostId })
        }}
      >
        Try now
      </Button>
    </div>
  )
}

function FormatTabs(props: {
  formats: readonly { id: ConnectionFormat; label: string }[]
  chosen: ConnectionFormat | undefined
  onChoose: (id: ConnectionFormat) => void
}) {
  const { formats, chosen, onChoose } = props
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const key = { ArrowRight: 'ArrowDown', ArrowLeft: 'ArrowUp' }[event.key] ?? ''
    const at = formats.findIndex((format) => format.id === chosen)
    const next = formats[nextIndex(key, at, formats.length) ?? -1]
    if (next === undefined) return
    onChoose(next.id)
    list.current?.querySelector<HTMLElement>(`[data-format="${next.id}"]`)?.focus()
  }
  return (
    <div
      ref={list}
      role="tablist"
      aria-label="Written as"
      className={classes.tabs}
      onKeyDown={move}
    >
      {formats.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          role="tab"
          data-format={id}
          aria-selected={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          className={classes.tab}
          onClick={() => {
            onChoose(id)
          }}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

/** A connection's text with the password as dots, or in clear where it was asked for. */
function Masked({ text, password }: { text: string; password: string | null }) {
  const parts = text.split(hiddenPassword)
  return parts.map((part, index) => (
    <span key={index}>
      {index > 0 &&
        (password === null ? <span className={classes.dots}>{hiddenPassword}</span> : password)}
      {part}
    </span>
  ))
}
