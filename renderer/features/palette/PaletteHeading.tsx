import { stateKind, stateLabels } from '../../lib/database-state.ts'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import type { PaletteGroup } from './results.ts'
import classes from './Palette.module.css'

/** What a group is about: a word, or the database that its actions are for. */
export function PaletteHeading({ group }: { group: PaletteGroup }) {
  const { title, about } = group
  if (about === undefined) {
    return (
      <div className={classes.heading} aria-hidden>
        {title}
      </div>
    )
  }
  const kind = stateKind(about)
  return (
    <div className={classes.about} aria-hidden>
      <StateDot kind={kind} label={stateLabels[kind]} />
      <span className={classes.aboutName}>{about.name}</span>
      <EnvironmentMark environment={about.environment} />
      {about.hostName}
    </div>
  )
}
