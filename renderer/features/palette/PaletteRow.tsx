import { IconServer2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { connectionLine } from '../../lib/host-state.ts'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { enginesQuery } from '../engines/queries.ts'
import type { PaletteEntry } from './results.ts'
import classes from './Palette.module.css'

/** One result. */
export function PaletteRow(props: {
  id: string
  entry: PaletteEntry
  chosen: boolean
  onPoint: () => void
  onRun: () => void
}) {
  const { id, entry, chosen, onPoint, onRun } = props
  const keys = entry.kind === 'command' ? entry.command.keys : undefined
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      className={classes.row}
      onMouseMove={chosen ? undefined : onPoint}
      // The focus stays in the field.
      onMouseDown={(event) => {
        event.preventDefault()
      }}
      onClick={onRun}
    >
      <Words entry={entry} />
      {(chosen || keys !== undefined) && <Kbd keys={chosen ? 'enter' : (keys ?? '')} />}
    </div>
  )
}

function Words({ entry }: { entry: PaletteEntry }) {
  const engines = useQuery(enginesQuery).data
  switch (entry.kind) {
    case 'command': {
      const { icon: Icon, label, fact } = entry.command
      return (
        <>
          <span className={classes.icon}>
            <Icon size={16} stroke={1.5} />
          </span>
          <span className={classes.label}>{label}</span>
          {entry.database !== undefined && (
            <>
              <span className={classes.label}>{entry.database.name}</span>
              <EnvironmentMark environment={entry.database.environment} />
            </>
          )}
          <span className={classes.fact}>{entry.database?.hostName ?? fact}</span>
        </>
      )
    }
    case 'database': {
      const { name, environment, hostName, engine } = entry.database
      return (
        <>
          <span className={classes.icon}>
            <EngineIcon path={engines?.find((each) => each.id === engine)?.icon} />
          </span>
          <span className={classes.label}>{name}</span>
          <EnvironmentMark environment={environment} />
          <span className={classes.place}>{hostName}</span>
        </>
      )
    }
    case 'host':
      return (
        <>
          <span className={classes.icon}>
            <IconServer2 size={16} stroke={1.5} />
          </span>
          <span className={classes.label}>{entry.host.name}</span>
          <span className={classes.place}>{connectionLine(entry.host.connection)}</span>
        </>
      )
  }
}
