import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import type { DestinationKindInfo } from '../../../shared/contract/destinations.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { findHost } from '../find-host.ts'
import { isInteractive } from '../io.ts'
import { parseInput } from '../parse-input.ts'
import { askSecret, givenSecret } from '../secret-input.ts'
import { runCheck } from './check-destination.ts'
import { findDestination } from './find-destination.ts'

const sourceSchema = z.object({
  set: z.array(z.string()).default([]),
  secretFile: z.string().optional(),
  secretStdin: z.literal(true).optional(),
})
const addSchema = sourceSchema.extend({
  kind: z.string('Give its kind by --kind; "destination kinds" lists them.'),
  unchecked: z.literal(true).optional(),
})
const setSchema = sourceSchema.extend({ rename: z.string().optional() })

/** `destination add NAME …` */
export const addDestination: Action = async (cli, [name], given) => {
  const options = parseInput(addSchema, given)
  const core = await cli.coreWithSecrets()
  const kind = await kindOf(core, options.kind, cli.signal)
  const config = await configOf(cli, core, kind, options.set)
  const said = await givenSecret(options, cli)
  const secrets = said === undefined ? await askSecrets(cli, kind) : secretsOf(kind, said)
  const draft = { kind: kind.id, config, secrets }
  const input = parseInput(contract['destinations.add'].input, {
    name,
    ...draft,
    check: options.unchecked !== true,
  })
  if (options.unchecked !== true) await runCheck(cli, core, { checkId: 'check', ...draft })
  const added = await core.destinations.add(input, { signal: cli.signal })
  const problem = added.lastCheck?.error ?? null
  if (problem !== null) cli.out.note(`Its check failed: ${problem.message}`)
  cli.out.result(added, () => `Added ${added.name}: ${added.place}.`)
}

/** `destination set NAME …` */
export const setDestination: Action = async (cli, [name = ''], given) => {
  const options = parseInput(setSchema, given)
  const core = await cli.coreWithSecrets()
  const kept = await findDestination(core, name, cli.signal)
  const kind = await kindOf(core, kept.kind, cli.signal)
  const said = await givenSecret(options, cli)
  const input = parseInput(contract['destinations.update'].input, {
    id: kept.id,
    ...(options.rename !== undefined && { name: options.rename }),
    ...(options.set.length > 0 && {
      config: { ...kept.config, ...(await configOf(cli, core, kind, options.set)) },
    }),
    ...(said !== undefined && { secrets: secretsOf(kind, said) }),
  })
  const changed = await core.destinations.update(input, { signal: cli.signal })
  cli.out.result(changed, () => `Changed ${changed.name}.`)
}

async function kindOf(core: Core, id: string, signal: AbortSignal): Promise<DestinationKindInfo> {
  const kinds = await core.destinations.kinds({}, { signal })
  const kind = kinds.find((each) => each.id === id)
  if (kind !== undefined) return kind
  throw new QuaysideError('invalid_input', `There is no kind of destination "${id}".`, {
    hint: `The kinds are: ${kinds.map((each) => each.id).join(', ')}.`,
    field: 'kind',
  })
}

/** What was set; a host is meant by its name. */
async function configOf(
  cli: Cli,
  core: Core,
  kind: DestinationKindInfo,
  set: readonly string[],
): Promise<Record<string, string>> {
  const config: Record<string, string> = {}
  for (const [key, value] of set.map(pairOf)) {
    const field = fieldOf(kind, key)
    if (field.type === 'secret')
      throw new QuaysideError(
        'invalid_input',
        `${key} is secret: a command line is seen by others.`,
        {
          hint: 'Give it by --secret-file or --secret-stdin, or leave it out to be asked.',
        },
      )
    config[key] = field.type === 'host' ? (await findHost(core, value, cli.signal)).id : value
  }
  return config
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1)]
  // The text is not repeated: it may be a secret in the wrong place.
  throw new QuaysideError('invalid_input', 'Fields are given as FIELD=VALUE.')
}

function fieldOf(kind: DestinationKindInfo, key: string): DestinationKindInfo['fields'][number] {
  const field = kind.fields.find((each) => each.key === key)
  if (field !== undefined) return field
  throw new QuaysideError('invalid_input', `${kind.label} has no field of that name.`, {
    hint: `Its fields are: ${kind.fields.map((each) => each.key).join(', ')}.`,
  })
}

function secretsOf(kind: DestinationKindInfo, said: string): Record<string, string> {
  const fields = kind.fields.filter(({ type }) => type === 'secret')
  const [only] = fields
  if (only === undefined) throw new QuaysideError('invalid_input', `${kind.label} has no secrets.`)
  if (fields.length === 1) return { [only.key]: said }
  const lines = said.split(/\r?\n/).filter((line) => line.trim() !== '')
  return Object.fromEntries(
    lines.map(pairOf).map(([key, value]) => [fieldOf(kind, key).key, value.trim()]),
  )
}

async function askSecrets(cli: Cli, kind: DestinationKindInfo): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {}
  for (const field of kind.fields) {
    if (field.type !== 'secret' || !field.required) continue
    if (field.multiline && isInteractive(cli.io))
      throw new QuaysideError('invalid_input', `${field.label} has several lines.`, {
        hint: 'Give it by --secret-file FILE.',
      })
    secrets[field.key] = await askSecret(cli.io, field.label)
  }
  return secrets
}
