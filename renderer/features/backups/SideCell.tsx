import { noValue } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import { goneFrom, sideWords, vanishedHint, type BackupSide } from './backup-rows.ts'
import { CopySign } from './CopySign.tsx'
import classes from './Backups.module.css'

/** What lies on one side: a sign, the age, and a second line only if something is wrong. */
export function SideCell({ side }: { side: BackupSide }) {
  const { newest, problem, failed, vanished } = side
  const gone = vanished.length > 0
  // That what lay here is gone is worse than that nothing was added.
  if (failed !== null && !gone) return <Failed failed={failed} lastGood={newest?.at ?? null} />
  const { state, second } = sideWords(side)
  const more = gone ? `${goneFrom(vanished)} ${vanishedHint}` : (second ?? undefined)
  return (
    <span className={classes.side} title={more}>
      {state === null ? (
        <span className={classes.none} aria-hidden>
          {noValue}
        </span>
      ) : (
        <CopySign state={state} />
      )}
      <span className={classes.sideWords}>
        {newest !== null ? (
          <Age at={newest.at} />
        ) : gone ? (
          <span className={classes.bad}>All gone</span>
        ) : problem !== null ? (
          <span className={classes.bad}>None is whole</span>
        ) : (
          <span className={state === null ? classes.quiet : ''}>Never</span>
        )}
        {second !== null && <span className={classes.second}>{second}</span>}
      </span>
    </span>
  )
}

/** The last attempt here came to nothing: since when, and what there is all the same. Its page says why. */
function Failed(props: { failed: NonNullable<BackupSide['failed']>; lastGood: number | null }) {
  const { failed, lastGood } = props
  return (
    <span className={classes.side} title={failed.error.message}>
      <CopySign state="failed" />
      <span className={classes.sideWords}>
        <span className={classes.bad}>
          Failed <Age at={failed.at} />
        </span>
        <span className={classes.second}>
          {lastGood === null ? (
            'no good one yet'
          ) : (
            <>
              good <Age at={lastGood} />
            </>
          )}
        </span>
      </span>
    </span>
  )
}
