import * as z from 'zod'
import {
  hostIdSchema,
  installStepSchema,
  type InstallStep,
} from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import type { JobContext, JobDefinition, StepContext } from '../jobs/job-definition.ts'
import type { Clock, HostConnector, HostRecord, HostRunner, LoginSecret, Stores } from '../ports.ts'
import type { HostRegistry } from './host-registry.ts'
import { failureOf, isLocked } from './install-output.ts'
import { forgetCommands, runLasting } from './lasting-command.ts'

const installDockerInputSchema = z.object({
  hostId: hostIdSchema,
  about: z.object({ hostName: z.string() }),
  /** The plan as it was shown: exactly these commands are run. */
  steps: z.array(installStepSchema),
})
export type InstallDockerInput = z.infer<typeof installDockerInputSchema>

export interface InstallDockerDeps {
  stores: Stores
  clock: Clock
  connector: HostConnector
  registry: HostRegistry
  /** What is kept for the host's login. */
  loginSecret(record: HostRecord): Promise<LoginSecret>
}

/** How long another apt may hold what this one needs. */
const lockPatienceMs = 5 * 60_000
const lockLookMs = 5_000
/** How long Docker may take to answer after its start. */
const startPatienceMs = 60_000

/** Installs Docker by the commands of a plan. Cancelled, it stops between two of them. */
export function installDockerJob(deps: InstallDockerDeps): JobDefinition<InstallDockerInput> {
  const { stores, registry } = deps
  return {
    kind: 'install-docker',
    input: installDockerInputSchema,
    cancellable: true,
    steps: ({ steps }) => [
      ...steps.map(({ name, title }) => ({ name, title })),
      { name: 'check', title: 'Check that Docker can be used' },
    ],
    run: async (input, job) => {
      const record = registry.record(input.hostId)
      const parent = `/tmp/quayside-install-${job.id}`
      const runner = await open(deps, record, job)
      try {
        for (const step of input.steps) {
          await job.effect({
            name: step.name,
            run: async (context) => {
              await runStep(deps, runner, record, step, `${parent}/${step.name}`, context)
            },
          })
        }
        await forgetCommands(runner, parent)
      } finally {
        runner.close()
      }
      await job.effect({
        name: 'check',
        run: async (context) => {
          context.fact(await answering(deps, record, context))
          registry.get(record.id).reconnect()
          stores.audit.append({
            action: 'hosts.install-docker',
            subject: record.name,
            facts: { commands: input.steps.map(({ command }) => command).join('\n') },
          })
        },
      })
    },
    // Packages that are there harm nobody, and are no longer only ours to take away.
    undo: {},
  }
}

async function open(
  { connector, loginSecret }: InstallDockerDeps,
  record: HostRecord,
  { signal }: JobContext,
): Promise<HostRunner> {
  const { connection, name } = record
  return connector.runner({ connection, name, ...(await loginSecret(record)), signal })
}

async function runStep(
  { clock }: InstallDockerDeps,
  runner: HostRunner,
  { name }: HostRecord,
  step: InstallStep,
  folder: string,
  context: StepContext,
): Promise<void> {
  const signal = untilShutdown(context.signal)
  const giveUpAt = performance.now() + lockPatienceMs
  for (;;) {
    const { code, output } = await runLasting(runner, clock, {
      folder,
      command: step.command,
      signal,
      onLine: (text) => {
        context.progress({ text })
      },
    })
    if (isLocked(code, output) && performance.now() < giveUpAt && !context.signal.aborted) {
      context.progress({ text: 'Another installation is at work there; waiting for its end' })
      await clock.sleep(lockLookMs, context.signal)
      continue
    }
    const failure = failureOf(step, code, output, name)
    if (failure !== null) throw failure
    const version = /^Setting up docker\.io \((.+?)\)/m.exec(output)?.[1]
    if (version !== undefined) context.fact(`docker.io ${version}`)
    return
  }
}

/** A cancel waits for the command that runs; only an end of this process leaves it alone. */
function untilShutdown(signal: AbortSignal): AbortSignal {
  const shutdown = new AbortController()
  const look = (): void => {
    const reason: unknown = signal.reason
    if (reason instanceof QuaysideError && reason.facts?.['stop'] === 'shutdown')
      shutdown.abort(reason)
  }
  if (signal.aborted) look()
  else signal.addEventListener('abort', look, { once: true })
  return shutdown.signal
}

/** Walks the whole way anew, as a login of before does not have the new group yet. */
async function answering(
  { connector, clock, loginSecret }: InstallDockerDeps,
  record: HostRecord,
  { signal }: StepContext,
): Promise<string> {
  const { secret, unread } = await loginSecret(record)
  const giveUpAt = performance.now() + startPatienceMs
  for (;;) {
    const { connection } = record
    const request = { checkId: record.id, connection, secret, unread, signal }
    const { ok, steps } = await connector.check(request)
    if (ok) return steps.find(({ name }) => name === 'version')?.fact ?? 'Docker answers'
    const error = steps.find(({ state }) => state === 'failed')?.error ?? null
    if (error === null) throw new QuaysideError('internal', 'The check of the host did not finish.')
    const starting = error.code === 'docker_missing' || error.code === 'docker_down'
    if (!starting || performance.now() > giveUpAt) throw fromErrorData(error)
    await clock.sleep(1_000, signal)
  }
}
