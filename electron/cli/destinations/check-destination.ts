import type { DestinationCheck } from '../../../shared/contract/destinations.ts'
import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { findDestination } from './find-destination.ts'

/** `destination check NAME` */
export const checkDestination: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id } = await findDestination(core, name, cli.signal)
  const check = await runCheck(cli, core, { id, checkId: 'check' })
  cli.out.result(check, () => `Backups can go to ${name}.`)
}

type CheckInput = Parameters<Core['destinations']['check']>[0]

/** Tells each step as it ends. @throws QuaysideError what a step failed with */
export async function runCheck(cli: Cli, core: Core, input: CheckInput): Promise<DestinationCheck> {
  const told = new Set<string>()
  const stop = core.onEvent((event) => {
    if (event.type !== 'destination-check') return
    for (const step of event.check.steps) {
      if (told.has(step.name) || (step.state !== 'done' && step.state !== 'failed')) continue
      told.add(step.name)
      const mark = step.state === 'done' ? '✓' : '✗'
      const time = step.ms === null ? '' : `  ${Math.round(step.ms)} ms`
      const { name, title, state, ms } = step
      cli.out.progress(`${mark} ${title}${time}`, { step: name, title, state, ms })
    }
  })
  try {
    const check = await core.destinations.check(input, { signal: cli.signal })
    if (check.ok) return check
    const error = check.steps.find((step) => step.error !== null)?.error
    throw error === undefined || error === null
      ? new QuaysideError('internal', 'The check of the destination did not finish.')
      : fromErrorData(error)
  } finally {
    stop()
  }
}
