import { Cron } from 'croner'
import { QuaysideError } from '../../../shared/errors.ts'

/** When something runs: five cron fields (crontab(5)), read in a time zone (an IANA name). */
export interface Timetable {
  cron: string
  timeZone: string
}

/** No more missed times than that are counted. */
const maxMissed = 1000

/**
 * The next times after a moment, epoch milliseconds; none when there is no such day, 30 February say.
 * A fixed time that the start of summer time skips runs right after the gap, and one that its end
 * repeats runs once. Where minute or hour is “*” or a step, it runs as long as time passes.
 * @throws QuaysideError `invalid_input` with the field that is wrong
 */
export function nextRuns(timetable: Timetable, after: number, count: number): number[] {
  return read(timetable)
    .nextRuns(count, new Date(after))
    .map((at) => at.getTime())
}

/** The latest time before a moment at which it was to run; null if there was none in living memory. */
export function previousRun(timetable: Timetable, before: number): number | null {
  return read(timetable).previousRuns(1, new Date(before))[0]?.getTime() ?? null
}

/** What a look at a timetable finds. */
export interface Due {
  /** Whether it has to run now: once, however many times have passed. */
  due: boolean
  /** Due times that passed before the latest one. */
  missed: number
  /** The next one after now; null if there is none. */
  next: number | null
}

/**
 * Compares the time that was planned with now. Sleep, a closed laptop or a clock set forward make one
 * run of all that was missed; a clock set back plans anew and runs nothing twice.
 * @param planned when it was to run next, as it was written down
 */
export function look(timetable: Timetable, planned: number | null, now: number): Due {
  const cron = read(timetable)
  const next = cron.nextRun(new Date(now))?.getTime() ?? null
  if (planned === null || planned > now) {
    const later = planned !== null && next !== null && next < planned
    return { due: false, missed: 0, next: planned === null || later ? next : planned }
  }
  let missed = 0
  let at = cron.nextRun(new Date(planned))
  while (at !== null && at.getTime() <= now && missed < maxMissed) {
    missed += 1
    at = cron.nextRun(at)
  }
  return { due: true, missed, next }
}

function read({ cron, timeZone }: Timetable): Cron {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone })
  } catch (cause) {
    throw new QuaysideError('invalid_input', `There is no time zone “${timeZone}”.`, {
      hint: 'Choose one by its IANA name, such as Europe/Berlin or UTC.',
      field: 'timeZone',
      cause,
    })
  }
  try {
    // Paused and without a function: it computes times and starts no timer.
    return new Cron(cron, {
      timezone: timeZone,
      mode: '5-part',
      paused: true,
      // Lists and ranges are fixed times too: “0 2,14 * * *” is due at two hours, and not each hour.
      fixedTimeRule: 'no-wildcard',
    })
  } catch (cause) {
    throw new QuaysideError('invalid_input', `“${cron}” is no time to run at.`, {
      hint: 'Write five fields: minute, hour, day of the month, month, day of the week. “30 3 * * *” is every day at 3:30.',
      field: 'cron',
      cause,
    })
  }
}
