import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import type { Action } from '../command.ts'
import { parseInput } from '../parse-input.ts'
import { table } from '../table.ts'
import { findDestination } from './find-destination.ts'

/** `destination kinds` */
export const listKinds: Action = async (cli) => {
  const core = await cli.core()
  const kinds = await core.destinations.kinds({}, { signal: cli.signal })
  cli.out.result(kinds, () =>
    kinds
      .map((kind) => {
        const rows = kind.fields.map((field) => [
          `  ${field.key}`,
          field.type === 'secret' ? 'secret' : field.required ? 'required' : '',
          [field.label, field.example ?? field.default ?? '']
            .filter((text) => text !== '')
            .join(', '),
        ])
        return `${kind.id}: ${kind.label}\n${table(['  field', '', ''], rows)}`
      })
      .join('\n\n'),
  )
}

/** `destination list` */
export const listDestinations: Action = async (cli) => {
  const core = await cli.core()
  const found = await core.destinations.list({}, { signal: cli.signal })
  cli.out.result(found, () => {
    if (found.length === 0)
      return 'No destinations yet. Add one: "quayside destination add --help".'
    const rows = found.map((each) => [
      each.name,
      each.kindLabel,
      each.place,
      each.lastCheck === null ? 'not checked' : (each.lastCheck.error?.message ?? 'works'),
    ])
    return table(['name', 'kind', 'place', 'last check'], rows)
  })
}

const removeSchema = z.object({ confirm: z.string().optional() })

/** `destination remove NAME` */
export const removeDestination: Action = async (cli, [name = ''], given) => {
  const { confirm } = parseInput(removeSchema, given)
  const core = await cli.coreWithSecrets()
  const { id } = await findDestination(core, name, cli.signal)
  const request = { id, ...(confirm !== undefined && { confirmName: confirm }) }
  const input = parseInput(contract['destinations.remove'].input, request)
  await core.destinations.remove(input, { signal: cli.signal })
  cli.out.result({ id, name, removed: true }, () => `Removed ${name}. What lies there stays.`)
}
