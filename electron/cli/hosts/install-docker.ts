import * as z from 'zod'
import type { DockerInstallPlan } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { findHost } from '../find-host.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { isInteractive } from '../io.ts'
import { parseInput } from '../parse-input.ts'
import { ask } from '../prompt.ts'

const optionsSchema = z.object({
  plan: z.literal(true).optional(),
  yes: z.literal(true).optional(),
})

/** `host install-docker NAME`: the plan, a yes, the job. */
export const installDocker: Action = async (cli, [name = ''], given) => {
  const options = parseInput(optionsSchema, given)
  if (options.plan === true && options.yes === true)
    throw new QuaysideError('invalid_input', '--plan and --yes can’t go together.')
  const core = await cli.coreWithSecrets()
  const host = await findHost(core, name, cli.signal)
  const plan = await core.hosts.planDockerInstall({ hostId: host.id }, { signal: cli.signal })
  if (options.plan === true) {
    cli.out.result(plan, () => describePlan(plan, host.name))
    return
  }
  if (options.yes !== true) {
    if (!isInteractive(cli.io)) throw notAnswered(host.name)
    cli.io.stderr.write(`${describePlan(plan, host.name)}\n\n`)
    const answer = await ask(cli.io, 'Type "yes" to run these commands: ')
    if (answer.trim() !== 'yes')
      throw new QuaysideError('cancelled', 'Nothing was installed; nothing was changed.')
  }
  const { jobId } = await core.hosts.installDocker({ id: host.id, key: plan.key })
  const job = await followJob(cli, core, jobId, {
    cancelling: 'The command that runs there goes on to its end; no other one is begun.',
    cancelled: 'What was installed until then stays. “job retry” goes on.',
  })
  cli.out.result(job, () => `Docker runs on ${host.name}.`)
  await finishLeftovers(cli, core)
}

function describePlan({ os, user, as, steps }: DockerInstallPlan, name: string): string {
  const by = as === 'root' ? 'root' : `${user}, through sudo`
  const lines = steps.flatMap(({ title, command, changes }, index) => [
    '',
    `${index + 1}. ${title}`,
    `   ${command}`,
    `   Changes: ${changes}`,
  ])
  return [`${name} runs ${os}. These commands are run there, one by one, by ${by}:`, ...lines].join(
    '\n',
  )
}

function notAnswered(name: string): QuaysideError {
  return new QuaysideError('invalid_input', 'Nobody is here to say yes.', {
    hint: `Look at the plan by "quayside host install-docker ${name} --plan", then add --yes.`,
  })
}
