// Far above what any method takes, far below what would hold up the process.
const mostCharacters = 256 * 1024
const mostValues = 10_000
const deepest = 16

const pollution: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Why an input is refused before any schema looks at it; undefined where it is plain JSON-like data of
 * a sensible size. Never takes longer than the limits allow, whatever it is given.
 */
export function inputObjection(input: unknown): string | undefined {
  let characters = 0
  let values = 0
  const open: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    values += 1
    if (typeof value === 'string') characters += value.length
    else if (typeof value === 'object' && value !== null) {
      if (!isPlain(value)) return 'it holds something that is no plain data'
      if (depth === deepest) return 'it is nested too deeply'
      const keys = Reflect.ownKeys(value)
      if (values + open.length + keys.length > mostValues) return 'it is too large'
      for (const key of keys) {
        if (typeof key === 'symbol') return 'it holds something that is no plain data'
        if (pollution.has(key)) return `it holds the key "${key}"`
        characters += key.length
      }
      for (const entry of Object.values<unknown>({ ...value }))
        open.push({ value: entry, depth: depth + 1 })
    } else if (!isSimple(value)) return 'it holds something that is no plain data'
    if (characters > mostCharacters) return 'it is too large'
  }
  return undefined
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function isSimple(value: unknown): boolean {
  return value === null || ['boolean', 'number', 'undefined'].includes(typeof value)
}
