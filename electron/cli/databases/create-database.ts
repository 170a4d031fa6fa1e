import * as z from 'zod'
import {
  createDatabaseSchema,
  type CreateDatabaseInput,
  type CreatePlan,
} from '../../../shared/contract/databases.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Action } from '../command.ts'
import { databaseById } from '../find-database.ts'
import { findHost, knownHosts } from '../find-host.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { parseInput } from '../parse-input.ts'
import { facts } from '../table.ts'
import { holdTunnels } from '../tunnels/hold-tunnels.ts'

const optionsSchema = z.object({
  host: z.string().optional(),
  engine: z.string().optional(),
  version: z.string().optional(),
  environment: z.string().optional(),
  plan: z.literal(true).optional(),
  detach: z.literal(true).optional(),
  tunnel: z.literal(true).optional(),
})
type Options = z.output<typeof optionsSchema>

/** `db create NAME …` */
export const createDatabase: Action = async (cli, [name = ''], given) => {
  const options = parseInput(optionsSchema, given)
  refuseContradictions(options)
  parseInput(createDatabaseSchema.shape.name, name)
  const core = await cli.coreWithSecrets()
  const host = await chooseHost(core, options.host, cli.signal)
  const input = await requestOf(core, { name, hostId: host.id, options }, cli.signal)

  if (options.plan === true) {
    const plan = await core.databases.plan(input, { signal: cli.signal })
    return cli.out.result(plan, () => planText(plan, host.name))
  }

  core.work()
  const { id, jobId } = await core.databases.create(input, { signal: cli.signal })
  if (options.detach === true) {
    return cli.out.result(
      { id, jobId },
      () => `${name} is being created by job ${jobId}; "quayside job wait ${jobId}" waits for it.`,
    )
  }
  await followJob(cli, core, jobId)
  const database = await databaseById(core, id, cli.signal)
  if (options.tunnel === true) {
    cli.out.note(`Created ${database.name} on ${database.hostName}.`)
    return holdTunnels(cli, core, [{ database }])
  }
  cli.out.result(database, () =>
    [
      `Created ${database.name} on ${database.hostName} (${database.environment}).`,
      `"quayside tunnel ${database.name}" opens a way to it, "quayside db url ${database.name}" prints how to connect.`,
    ].join('\n'),
  )
  await finishLeftovers(cli, core)
}

function refuseContradictions(options: Options): void {
  const [first, second] = [
    options.plan === true && '--plan',
    options.detach === true && '--detach',
    options.tunnel === true && '--tunnel',
  ].filter((flag) => flag !== false)
  if (second !== undefined)
    throw new QuaysideError('invalid_input', `${first ?? ''} and ${second} can’t go together.`)
}

async function chooseHost(
  core: Core,
  name: string | undefined,
  signal: AbortSignal,
): Promise<HostView> {
  if (name !== undefined) return findHost(core, name, signal)
  const [only, another] = await knownHosts(core, signal)
  if (only !== undefined && another === undefined) return only
  throw new QuaysideError(
    'invalid_input',
    only === undefined ? 'There is no host yet.' : 'There are several hosts.',
    {
      hint:
        only === undefined
          ? 'Add one first: "quayside host add --help".'
          : 'Say which one by --host.',
      field: 'host',
    },
  )
}

async function requestOf(
  core: Core,
  { name, hostId, options }: { name: string; hostId: string; options: Options },
  signal: AbortSignal,
): Promise<CreateDatabaseInput> {
  const engines = await core.engines.list({}, { signal })
  const engine =
    options.engine === undefined ? engines[0] : engines.find(({ id }) => id === options.engine)
  if (engine === undefined) {
    const known = engines.map(({ id }) => id).join(', ')
    throw new QuaysideError('invalid_input', `There is no engine "${options.engine ?? ''}".`, {
      hint: `The engines are: ${known}.`,
      field: 'engine',
    })
  }
  return parseInput(createDatabaseSchema, {
    hostId,
    name,
    engine: engine.id,
    version: options.version ?? engine.versions[0]?.version,
    environment: options.environment ?? 'development',
  })
}

function planText(plan: CreatePlan, hostName: string): string {
  const actions = plan.actions.map(({ verb, text }) => `  ${verb} ${text}`)
  const head = facts([
    ['Host', hostName],
    ['Container', plan.containerName],
    ['Volume', plan.volumeName],
    ['Address', `${plan.address}, port ${plan.port} on the host`],
    ['Image', plan.imagePresent ? 'is there' : 'will be pulled'],
  ])
  return [head, '', 'What would be done:', ...actions, '', 'Nothing was done yet.'].join('\n')
}
