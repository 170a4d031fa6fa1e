import { IconAlertTriangle, IconCheck, IconCircleDashedCheck, IconX } from '@tabler/icons-react'
import type { BackupSide } from './backup-rows.ts'
import { noValue } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import classes from './Backups.module.css'

/** What lies on one side: a sign, the age, and a second line only if something is wrong. */
export function SideCell({ side }: { side: BackupSide }) {
  const { newest, problem, failed, late } = side
  if (failed !== null) return <Failed failed={failed} lastGood={newest?.at ?? null} />
  if (newest === null && late) return <Amber words="Never" second="late" />
  if (newest === null) {
    return (
      <span className={classes.side}>
        {problem === null ? (
          <span className={classes.none} aria-hidden>
            {noValue}
          </span>
        ) : (
          <IconX size={14} stroke={1.8} color="var(--q-fail)" aria-label="Failed" />
        )}
        <span className={classes.sideWords}>
          <span className={problem === null ? classes.quiet : classes.bad}>
            {problem === null ? 'Never' : 'None is whole'}
          </span>
          {problem !== null && <SecondLine text={problem.message} />}
        </span>
      </span>
    )
  }
  return (
    <span className={classes.side}>
      {problem !== null || late ? (
        <NeedsALook />
      ) : newest.verified ? (
        <IconCheck size={14} stroke={1.8} color="var(--q-ok)" aria-label="Verified" />
      ) : (
        <IconCircleDashedCheck
          size={14}
          stroke={1.5}
          color="var(--q-text3)"
          aria-label="Not verified yet"
        />
      )}
      <span className={classes.sideWords}>
        <Age at={newest.at} />
        {problem !== null && <SecondLine text={problem.message} />}
        {problem === null && late && <SecondLine text="late" />}
        {problem === null && !late && !newest.verified && <SecondLine text="not verified yet" />}
      </span>
    </span>
  )
}

/** The last attempt here came to nothing: since when, and what there is all the same. */
function Failed(props: { failed: NonNullable<BackupSide['failed']>; lastGood: number | null }) {
  const { failed, lastGood } = props
  return (
    <span className={classes.side} title={failed.error.message}>
      <IconX size={14} stroke={1.8} color="var(--q-fail)" aria-label="Failed" />
      <span className={classes.sideWords}>
        <span className={classes.bad}>
          Failed <Age at={failed.at} />
        </span>
        <span className={classes.second}>
          {lastGood === null ? (
            failed.error.message
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

function Amber({ words, second }: { words: string; second: string }) {
  return (
    <span className={classes.side}>
      <NeedsALook />
      <span className={classes.sideWords}>
        {words}
        <SecondLine text={second} />
      </span>
    </span>
  )
}

function NeedsALook() {
  return (
    <IconAlertTriangle
      size={14}
      stroke={1.6}
      color="var(--q-warn-shape)"
      aria-label="Needs a look"
    />
  )
}

function SecondLine({ text }: { text: string }) {
  return (
    <span className={classes.second} title={text}>
      {text}
    </span>
  )
}
