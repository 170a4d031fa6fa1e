import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import {
  destinationIdSchema,
  type DestinationCheck,
  type DestinationConfig,
  type DestinationId,
  type DestinationSecrets,
  type DestinationView,
} from '../../../shared/contract/destinations.ts'
import { QuaysideError, type ErrorData } from '../../../shared/errors.ts'
import type { Destination, DestinationKind, HostVolumes } from '../../destinations/destination.ts'
import type { Service } from '../core.ts'
import { neverAborted } from '../never-aborted.ts'
import {
  secretKeys,
  type Clock,
  type DestinationRecord,
  type Publish,
  type Secrets,
  type Stores,
} from '../ports.ts'
import { checkDestination } from './check-destination.ts'
import { openMarked } from './open-marked.ts'

interface DestinationsDeps {
  stores: Stores
  secrets: Secrets
  clock: Clock
  publish: Publish
  kinds: readonly DestinationKind[]
  volumes: HostVolumes
  /** What would lose its destination, in words such as `3 backups`; empty where nothing would. */
  uses(id: DestinationId): string[]
}

/** All but the keys of a destination, which belong to its backups. */
type DestinationsService = Omit<Service<'destinations'>, 'rotateKey' | 'stored'>

/** The service for faces, and what backups need of it. */
export interface Destinations {
  service: DestinationsService
  /**
   * Opens a destination with its credentials; whoever opens it closes it.
   * @throws QuaysideError `not_found`, `keychain_locked` …
   */
  open(id: DestinationId): Promise<Destination>
}

/** Places for backups: look, check, add, change, forget. */
export function createDestinations(deps: DestinationsDeps): Destinations {
  const { stores, secrets, clock, publish, kinds, volumes } = deps

  const changed = (): void => publish({ type: 'changed', topic: 'destinations' })
  const audit = (action: string, record: DestinationRecord): void =>
    stores.audit.append({
      action,
      subject: record.name,
      facts: { kind: record.kind },
    })
  const kindOf = (id: string): DestinationKind => {
    const kind = kinds.find(({ info }) => info.id === id)
    if (kind !== undefined) return kind
    throw new QuaysideError('invalid_input', 'This version knows no such kind of destination.', {
      hint: `It knows: ${kinds.map(({ info }) => info.id).join(', ')}.`,
      field: 'kind',
    })
  }
  const recordOf = (id: DestinationId): DestinationRecord => {
    const record = stores.destinations.get(id)
    if (record !== null) return record
    throw new QuaysideError('not_found', 'There is no such destination any more.')
  }
  const view = (record: DestinationRecord): DestinationView => {
    const { id, name, config, createdAt, lastCheck, secretNames } = record
    const kind = kinds.find(({ info }) => info.id === record.kind)
    return {
      id,
      name,
      kind: record.kind,
      config,
      createdAt,
      lastCheck,
      kindLabel: kind?.info.label ?? record.kind,
      place: kind === undefined ? '' : placeOf(kind, record.config),
      offSite: kind?.info.offSite ?? false,
      secrets: secretNames,
    }
  }
  const keptSecrets = async (record: DestinationRecord): Promise<DestinationSecrets> => {
    if (record.secretNames.length === 0) return {}
    const written = await secrets.get(secretKeys.destinationCredentials(record.id))
    if (written !== null) return secretsSchema.parse(JSON.parse(written))
    throw new QuaysideError(
      'destination_denied',
      `The credentials of ${record.name} are not in the keychain.`,
      { hint: 'Give them again in the destination’s settings.' },
    )
  }
  const keep = (id: DestinationId, given: DestinationSecrets): Promise<void> =>
    Object.keys(given).length === 0
      ? secrets.delete(secretKeys.destinationCredentials(id))
      : secrets.set(secretKeys.destinationCredentials(id), JSON.stringify(given))

  const openDraft = ({ kind, config, secrets }: Draft, marked: boolean): Destination =>
    kind.open(config, secrets, { volumes, marked })
  const openKept = async (record: DestinationRecord, draft: Draft): Promise<Destination> => {
    const { kind, config } = draft
    if (!kind.isMounted(config)) return openDraft(draft, false)
    return openMarked(stores, record, kind.place(config), (marked) => openDraft(draft, marked))
  }

  const open = async (id: DestinationId): Promise<Destination> => {
    const record = recordOf(id)
    return openKept(record, await redraft(record, {}))
  }

  const check = (
    opening: () => Promise<Destination>,
    checkId: string,
    signal: AbortSignal,
  ): Promise<DestinationCheck> =>
    checkDestination(opening, {
      checkId,
      signal,
      onProgress: (progress) => publish({ type: 'destination-check', check: progress }),
    })

  /** A kept destination, with what is given in the place of what is kept. */
  const redraft = async (record: DestinationRecord, given: Given): Promise<Draft> => {
    const kind = kindOf(record.kind)
    return {
      kind,
      config: kind.parseConfig(given.config ?? record.config),
      secrets: set(
        kind.parseSecrets({
          ...(await keptSecrets(record).catch(forgiven(given))),
          ...given.secrets,
        }),
      ),
    }
  }

  const service: DestinationsService = {
    kinds: () => Promise.resolve(kinds.map(({ info }) => info)),

    list: () => Promise.resolve(stores.destinations.list().map(view)),

    check: async (input, options) => {
      const signal = options?.signal ?? neverAborted
      if (!('id' in input)) {
        const kind = kindOf(input.kind)
        const draft = {
          kind,
          config: kind.parseConfig(input.config),
          secrets: kind.parseSecrets(input.secrets),
        }
        const opening = () => Promise.resolve(openDraft(draft, false))
        return check(opening, input.checkId, signal)
      }
      const record = recordOf(input.id)
      const draft = await redraft(record, input)
      const isElsewhere =
        input.config !== undefined && !isDeepStrictEqual(draft.config, record.config)
      const opening = () =>
        isElsewhere ? Promise.resolve(openDraft(draft, false)) : openKept(record, draft)
      const result = await check(opening, input.checkId, signal)
      // Of what is only tried nothing is written down.
      if (input.config === undefined && input.secrets === undefined) {
        stores.destinations.update(record.id, {
          lastCheck: { at: clock.now(), error: reasonOf(result) },
        })
        changed()
      }
      return result
    },

    add: async (input) => {
      const kind = kindOf(input.kind)
      const given = set(kind.parseSecrets(input.secrets))
      const record: DestinationRecord = {
        id: destinationIdSchema.parse(randomUUID()),
        name: input.name,
        kind: kind.info.id,
        config: kind.parseConfig(input.config),
        secretNames: Object.keys(given),
        createdAt: clock.now(),
        lastCheck: null,
        marker: 'wanted',
      }
      // The secrets first: some without a record are harmless, a record without its secrets is not.
      await keep(record.id, given)
      try {
        stores.destinations.insert(record)
      } catch (thrown) {
        await secrets.delete(secretKeys.destinationCredentials(record.id))
        throw thrown
      }
      audit('destinations.add', record)
      changed()
      // Added by now: one that can't be reached is kept, and shown with the reason.
      if (input.check !== false) await service.check({ checkId: record.id, id: record.id })
      return view(recordOf(record.id))
    },

    update: async ({ id, name, ...given }) => {
      const record = recordOf(id)
      const draft =
        given.config === undefined && given.secrets === undefined
          ? null
          : await redraft(record, given)
      if (draft !== null && given.secrets !== undefined) await keep(id, draft.secrets)
      stores.destinations.update(id, {
        ...(name !== undefined && { name }),
        ...(draft !== null && {
          config: draft.config,
          secretNames: Object.keys(draft.secrets),
          lastCheck: null,
        }),
        // Given again, also as it was: that is how the user says that it is the right place.
        ...(given.config !== undefined && { marker: 'wanted' }),
      })
      audit('destinations.update', record)
      changed()
      return view(recordOf(id))
    },

    remove: async ({ id, confirmName }) => {
      const record = recordOf(id)
      const uses = deps.uses(id)
      if (uses.length > 0 && confirmName !== record.name) throw inUse(record, uses, confirmName)
      stores.destinations.remove(id)
      audit('destinations.remove', record)
      await secrets.delete(secretKeys.destinationCredentials(id))
      changed()
      return {}
    },
  }
  return { service, open }
}

interface Draft {
  kind: DestinationKind
  config: DestinationConfig
  secrets: DestinationSecrets
}

interface Given {
  config?: DestinationConfig | undefined
  secrets?: DestinationSecrets | undefined
}

const secretsSchema = z.record(z.string(), z.string())

/** Those that say something. */
function set(given: DestinationSecrets): DestinationSecrets {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}

/** Kept credentials that are gone don't stop new ones from being given. */
function forgiven(given: Given): (thrown: unknown) => DestinationSecrets {
  return (thrown) => {
    const gone = thrown instanceof QuaysideError && thrown.code === 'destination_denied'
    if (gone && given.secrets !== undefined) return {}
    throw thrown
  }
}

function placeOf(kind: DestinationKind, config: DestinationConfig): string {
  try {
    return kind.place(config)
  } catch (thrown) {
    // Written by a version that asked for less; what it lacks is said when it is used.
    if (thrown instanceof QuaysideError && thrown.code === 'invalid_input') return ''
    throw thrown
  }
}

function reasonOf({ steps }: DestinationCheck): ErrorData | null {
  return steps.find(({ error }) => error !== null)?.error ?? null
}

function inUse(
  record: DestinationRecord,
  uses: readonly string[],
  confirmName: string | undefined,
): QuaysideError {
  if (confirmName !== undefined)
    return new QuaysideError('name_mismatch', 'That is not the name of the destination.', {
      hint: `It is ${record.name}.`,
      field: 'confirmName',
    })
  return new QuaysideError('busy', `${record.name} is in use: ${uses.join(', ')}.`, {
    hint: 'What lies there stays there. To forget it all the same, type its name.',
    field: 'confirmName',
  })
}
