import type {
  DestinationConfig,
  DestinationField,
  DestinationKindInfo,
  DestinationSecrets,
  DestinationView,
} from '../../../shared/contract/destinations.ts'
import { hostNameSchema } from '../../../shared/names.ts'

/** What the form holds: a value for each field of the kind, secret or not, by its key. */
export interface DestinationValues {
  name: string
  kind: string
  values: Record<string, string>
}

/** A form for a new destination; every kind's defaults are in place. */
export function emptyDestination(kind: DestinationKindInfo): DestinationValues {
  return {
    name: '',
    kind: kind.id,
    values: Object.fromEntries(kind.fields.map((field) => [field.key, field.default ?? ''])),
  }
}

/** The form of one that is kept; secrets are empty, for they are never shown again. */
export function keptDestination(
  kept: DestinationView,
  kind: DestinationKindInfo,
): DestinationValues {
  return {
    name: kept.name,
    kind: kind.id,
    values: Object.fromEntries(
      kind.fields.map((field) => [field.key, kept.config[field.key] ?? field.default ?? '']),
    ),
  }
}

/** The values parted into what may be shown and what goes to the keychain; empty ones are left out. */
export function partsOf(
  { values }: DestinationValues,
  kind: DestinationKindInfo,
): { config: DestinationConfig; secrets: DestinationSecrets } {
  const given = (secret: boolean) =>
    Object.fromEntries(
      kind.fields
        .filter(({ type }) => (type === 'secret') === secret)
        .map(({ key, multiline }) => [key, valueOf(values[key] ?? '', multiline)] as const)
        .filter(([, value]) => value !== ''),
    )
  return { config: given(false), secrets: given(true) }
}

function valueOf(typed: string, multiline: boolean): string {
  return multiline ? typed : typed.trim()
}

/**
 * What is missing or wrong, by `name` or `values.<key>`; the rest is the core's to say.
 * @param secretsKept keys of secrets that the keychain has, which may be left empty
 */
export function faultsOf(
  form: DestinationValues,
  kind: DestinationKindInfo,
  secretsKept: readonly string[] = [],
): Record<string, string> {
  const faults: Record<string, string> = {}
  const name = hostNameSchema.safeParse(form.name.trim())
  if (!name.success) {
    faults['name'] =
      form.name.trim() === ''
        ? 'Give the destination a name.'
        : (name.error.issues[0]?.message ?? 'The name is not valid.')
  }
  for (const { key, label, type, required } of kind.fields) {
    const empty = (form.values[key] ?? '').trim() === ''
    if (empty && required && !secretsKept.includes(key)) {
      faults[`values.${key}`] =
        type === 'host' || type === 'select' ? `Choose: ${label}.` : `${label} is missing.`
    }
  }
  return faults
}

/** The form's field that an error of the core belongs to: `config.bucket` is `values.bucket`. */
export function formField(
  field: string | undefined,
  fields: readonly DestinationField[],
): string | null {
  if (field === 'name') return field
  const key = /^(?:config|secrets)\.(\w+)$/.exec(field ?? '')?.[1]
  return key !== undefined && fields.some((each) => each.key === key) ? `values.${key}` : null
}
