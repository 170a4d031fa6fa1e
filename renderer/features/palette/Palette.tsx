import { Modal } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { plural } from '../../lib/format.ts'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { databasesQuery } from '../databases/queries.ts'
import { hostsQuery } from '../hosts/queries.ts'
import { PaletteHeading } from './PaletteHeading.tsx'
import { PaletteRow } from './PaletteRow.tsx'
import { paletteGroups, type PaletteEntry, type PaletteSource } from './results.ts'
import classes from './Palette.module.css'

interface PaletteProps extends Pick<PaletteSource, 'commands' | 'actionsOf'> {
  onClose: () => void
}

/** Everything by name: type, choose with the arrows, Enter runs it, Tab leads to a database's actions. */
export function Palette({ commands, actionsOf, onClose }: PaletteProps) {
  const [location, navigate] = useLocation()
  const all = useQuery(databasesQuery).data ?? []
  const hosts = useQuery(hostsQuery).data ?? []
  const [query, setQuery] = useState('')
  const [scope, setScope] = useState<DatabaseView>()
  const [chosen, setChosen] = useState(0)
  const list = useRef<HTMLDivElement>(null)

  const databases = all.filter((each) => each.status !== 'trash')
  const looked = databases.find(({ id }) => location === `/databases/${id}`)
  const groups = paletteGroups(query, { databases, hosts, commands, actionsOf }, { scope, looked })
  const entries = groups.flatMap((group) => group.entries)
  const at = Math.min(chosen, entries.length - 1)
  const current = entries[at]

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, groups.length])

  const ask = (text: string, within: DatabaseView | undefined) => {
    setQuery(text)
    setScope(within)
    setChosen(0)
    if (list.current !== null) list.current.scrollTop = 0
  }
  const run = (entry: PaletteEntry) => {
    onClose()
    if (entry.kind === 'database') navigate(`/databases/${entry.database.id}`)
    else if (entry.kind === 'host') navigate(`/hosts/${entry.host.id}`)
    else entry.command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (entries.length > 0) setChosen((at + step + entries.length) % entries.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (current !== undefined) run(current)
    } else if (event.key === 'Tab') {
      // The field is all there is to tab through; Tab goes deeper, Backspace back.
      event.preventDefault()
      if (current?.kind === 'database') ask('', current.database)
    } else if (event.key === 'Backspace' && query === '' && scope !== undefined) {
      ask('', undefined)
    }
  }
  return (
    <Modal
      opened
      onClose={onClose}
      centered={false}
      yOffset={96}
      size={640}
      padding={0}
      radius="lg"
      attributes={{ content: { 'aria-label': 'Commands' } }}
    >
      <div className={classes.search}>
        <IconSearch size={18} stroke={1.5} />
        {scope !== undefined && (
          <span className={classes.scope}>
            {scope.name} <EnvironmentMark environment={scope.environment} />
          </span>
        )}
        <input
          data-autofocus
          role="combobox"
          aria-label="Search for databases, hosts and commands"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={current === undefined ? undefined : optionId(current)}
          placeholder={scope === undefined ? 'Databases, hosts, commands' : 'Actions'}
          autoComplete="off"
          spellCheck={false}
          className={classes.input}
          value={query}
          onChange={(event) => {
            ask(event.currentTarget.value, scope)
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd keys="esc" />
      </div>
      <div
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label="Results"
        className={classes.list}
      >
        {groups.map((group) => (
          <div key={group.title + (group.about?.id ?? '')} role="group" aria-label={group.title}>
            <PaletteHeading group={group} />
            {group.entries.map((entry) => (
              <PaletteRow
                key={entry.id}
                id={optionId(entry)}
                entry={entry}
                chosen={entry === current}
                onPoint={() => {
                  setChosen(entries.indexOf(entry))
                }}
                onRun={() => {
                  run(entry)
                }}
              />
            ))}
          </div>
        ))}
      </div>
      {entries.length === 0 && (
        <div className={classes.nothing}>Nothing is called “{query.trim()}”.</div>
      )}
      <div className={classes.footer}>
        <span>
          <Kbd keys="up+down" /> move
        </span>
        <span>
          <Kbd keys="enter" /> run
        </span>
        <span>
          <Kbd keys="tab" /> actions of a database
        </span>
        <span className={classes.count} role="status">
          {plural(entries.length, 'result')}
        </span>
      </div>
    </Modal>
  )
}

const optionId = (entry: PaletteEntry) => `palette-${entry.id}`
