import * as z from 'zod'
import type { LogNews } from '../../../shared/contract/logs.ts'
import { isAbort } from '../../../shared/errors.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { findDatabase } from '../find-database.ts'
import { parseInput, wholeNumber } from '../parse-input.ts'

/** As many lines without a wish. */
const usualTail = 200

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const ageSchema = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'Write an age as 90s, 10m, 2h or 1d.')
  .transform((text) => {
    const unit = z.enum(['s', 'm', 'h', 'd']).parse(text.slice(-1))
    return Number(text.slice(0, -1)) * unitMs[unit]
  })
const optionsSchema = z.object({
  follow: z.literal(true).optional(),
  since: ageSchema.optional(),
  tail: z
    .string()
    .transform(wholeNumber)
    .pipe(z.int('Give a whole number.').min(0).max(1_000_000))
    .optional(),
})

/** `db logs DATABASE` */
export const printLogs: Action = async (cli, [reference = ''], given) => {
  const options = parseInput(optionsSchema, given)
  const core = await cli.coreWithSecrets()
  const query = { reference, options: given, place: 'either' } as const
  const { id: databaseId, hostName } = await findDatabase(core, query, cli.signal)
  const follow = options.follow === true
  const follower = 'command line'
  const print = printer(cli, hostName)
  const stopEvents = core.onEvent((event) => {
    if (event.type === 'log') print(event.news)
  })
  // Ctrl-C is how following ends, or a reader who has enough: no failure.
  const giveBack = follow
    ? cli.interrupts.takeOrUnread(() => void core.logs.unfollow({ follower }))
    : () => undefined
  try {
    await core.logs.follow(
      {
        databaseId,
        follower,
        follow,
        tail: options.tail ?? (options.since === undefined ? usualTail : null),
        since: options.since === undefined ? null : cli.io.now() - options.since,
      },
      { signal: cli.signal },
    )
    cli.signal.throwIfAborted()
  } catch (thrown) {
    if (!follow || !isAbort(thrown)) throw thrown
  } finally {
    giveBack()
    stopEvents()
  }
}

function printer(cli: Cli, hostName: string): (news: LogNews) => void {
  let told: LogNews['state'] = 'following'
  return ({ lines, state }) => {
    for (const line of lines) {
      cli.out.result(line, () => `${new Date(line.at).toISOString()} ${line.text}`)
    }
    if (state === told) return
    told = state
    const words = {
      waiting: `${hostName} does not answer. The log waits for it.`,
      stopped: 'The server does not run. The log waits for its start.',
      following: 'The log goes on.',
    }
    cli.out.note(words[state])
  }
}
