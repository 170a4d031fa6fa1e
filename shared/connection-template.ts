import { hiddenPassword, type ConnectionDetails } from './connection-formats.ts'
import { QuaysideError } from './errors.ts'

/** What a template may ask for. */
export const templateFields = [
  'host',
  'port',
  'user',
  'password',
  'database',
  'sslmode',
  'name',
] as const

/** The longest template, characters. */
export const maxTemplateLength = 4000

/** What a template is filled with: a connection, and the name the database has in Quayside. */
export interface TemplateValues extends ConnectionDetails {
  name: string
}

type Field = (typeof templateFields)[number]
type Part = string | { field: Field; encoded: boolean }

/**
 * Fills a template the user wrote: `{host}` stands for a value, `{password:url}` for the same with
 * what has a meaning in URLs percent-encoded; `{{` and `}}` are braces. Pure.
 * A hidden password's dots are never encoded, so that they are recognised as such.
 * @throws QuaysideError `invalid_input` for the field `template`, where it can't be read; the fact
 * `position` is where, counted from 1 in characters.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  return parseTemplate(template)
    .map((part) => (typeof part === 'string' ? part : valueOf(part, values)))
    .join('')
}

function valueOf({ field, encoded }: Exclude<Part, string>, values: TemplateValues): string {
  const value = String(values[field])
  return encoded && value !== hiddenPassword ? percentEncoded(value) : value
}

/** All but the unreserved characters of RFC 3986; `encodeURIComponent` leaves five more. */
function percentEncoded(text: string): string {
  // Half of a character of two code units, which no URL can hold, would make it throw.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Literal text, a doubled brace, a placeholder, or a brace that stands alone. */
const pieces = /[^{}]+|\{\{|\}\}|\{[^{}]*\}|[{}]/g

function parseTemplate(template: string): Part[] {
  return Array.from(template.matchAll(pieces), ({ 0: piece, index }): Part => {
    if (piece === '{{') return '{'
    if (piece === '}}') return '}'
    if (piece === '{') throw unreadable(template, index, 'An opening brace is never closed')
    if (piece === '}') throw unreadable(template, index, 'A closing brace was never opened')
    if (!piece.startsWith('{')) return piece
    const [field, variant, ...rest] = piece.slice(1, -1).split(':')
    if (!isField(field)) throw unreadable(template, index, `There is no placeholder ${piece}`)
    if (rest.length > 0 || (variant !== undefined && variant !== 'url')) {
      throw unreadable(template, index, `${piece} is no way to write {${field}}`)
    }
    return { field, encoded: variant === 'url' }
  })
}

function isField(text: string | undefined): text is Field {
  return templateFields.some((field) => field === text)
}

function unreadable(template: string, index: number, what: string): QuaysideError {
  const position = String(Array.from(template.slice(0, index)).length + 1)
  return new QuaysideError('invalid_input', `${what} (character ${position}).`, {
    hint: `Use ${templateFields.map((field) => `{${field}}`).join(' ')}, each also as {password:url}; {{ and }} are braces.`,
    field: 'template',
    facts: { position },
  })
}
