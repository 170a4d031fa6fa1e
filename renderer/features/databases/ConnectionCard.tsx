import { Skeleton } from '@mantine/core'
import { Button } from '@mantine/core'
import { useRef, useState, type KeyboardEvent } from 'react'
import type { ConnectionFormat } from '../../../shared/connection-formats.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { nextIndex } from '../../lib/list-keys.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { useDelayed } from '../../ui/LoadingRows.tsx'
import { ConnectionTemplate } from './ConnectionTemplate.tsx'
import { ConnectionText } from './ConnectionText.tsx'
import { copySecret, useReconnectHost } from './mutations.ts'
import { TunnelState } from './TunnelState.tsx'
import type { Connection } from './use-connection.ts'
import classes from './ConnectionCard.module.css'

/** What the tabs lead to: the written forms, and the user's own. */
type Form = ConnectionFormat | 'template'

interface ConnectionCardProps {
  database: DatabaseView
  connection: Connection
}

/** How to connect, in every written form; the password hidden until it is asked for. */
export function ConnectionCard({ database, connection }: ConnectionCardProps) {
  const [chosen, setChosen] = useState<Form>('url')
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
  const format = view.formats.find((each) => each.id === chosen)
  const closed = view.tunnel && connection.localPort === null
  return (
    <section className={`${classes.card} ${closed ? classes.closed : ''}`} aria-label="Connection">
      <div className={classes.top}>
        <FormatTabs
          forms={[...view.formats, { id: 'template', label: 'Template' }]}
          chosen={chosen}
          onChoose={setChosen}
        />
      </div>
      {format === undefined ? (
        <ConnectionTemplate database={database} view={view} connection={connection} />
      ) : (
        <ConnectionText
          label={format.label}
          text={format.masked}
          connection={connection}
          copy={
            <CopyButton key={format.id} copy={copySecret(database.id, format.id)} label="Copy" />
          }
        />
      )}
      <TunnelState database={database} connection={connection} />
    </section>
  )
}

function NotRunning({ database }: { database: DatabaseView }) {
  const reconnect = useReconnectHost()
  const { hostId, name, reason } = database
  if (database.status !== 'unknown') {
    return <div className={classes.notRunning}>{name} is not running. Start it to connect.</div>
  }
  return (
    <div className={classes.notRunning}>
      {reason === null ? 'There' : `${reason}, so there`} is no way to {name} now.
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
  forms: readonly { id: Form; label: string }[]
  chosen: Form
  onChoose: (id: Form) => void
}) {
  const { forms, chosen, onChoose } = props
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const key = { ArrowRight: 'ArrowDown', ArrowLeft: 'ArrowUp' }[event.key] ?? ''
    const at = forms.findIndex((form) => form.id === chosen)
    const next = forms[nextIndex(key, at, forms.length) ?? -1]
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
      {forms.map(({ id, label }) => (
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
