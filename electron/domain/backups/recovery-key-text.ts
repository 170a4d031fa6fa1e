import { QuaysideError } from '../../../shared/errors.ts'

// Crockford's digits: no I, L, O and U, so that nothing looks like another. Each group of five is four
// digits of the key and one that checks them and the group's place. 256 bits fill 13 groups but for
// four bits, which are zero.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 13
const perGroup = 4
const keyBytes = 32

/** The recovery key as it is printed: 13 groups of 5, with hyphens between. */
export function writeRecoveryKey(key: Uint8Array): string {
  const digits = toDigits(key)
  return Array.from({ length: groups }, (_, group) => {
    const four = digits.slice(group * perGroup, (group + 1) * perGroup)
    return [...four, checkDigit(group, four)].map((digit) => alphabet[digit]).join('')
  }).join('-')
}

/**
 * Reads what a user typed: any case, with or without hyphens and spaces, O for 0 and I or L for 1.
 * @throws QuaysideError `invalid_input` that says which group has the mistake; the text isn't repeated
 */
export function readRecoveryKey(text: string): Uint8Array {
  const typed = normalize(text)
  const wanted = groups * (perGroup + 1)
  const foreign = [...typed].findIndex((each) => !alphabet.includes(each))
  if (foreign >= 0) {
    const group = Math.floor(foreign / (perGroup + 1)) + 1
    throw mistake(`Group ${group} has a character that no recovery key has.`)
  }
  const digits = [...typed].map((each) => alphabet.indexOf(each))
  const key: number[] = []
  for (let group = 0; group < Math.min(groups, digits.length / (perGroup + 1)); group += 1) {
    const [a = 0, b = 0, c = 0, d = 0, check] = digits.slice(group * 5, group * 5 + 5)
    if (check === undefined) break
    if (checkDigit(group, [a, b, c, d]) !== check)
      throw mistake(`There is a mistake in group ${group + 1}.`)
    key.push(a, b, c, d)
  }
  if (typed.length !== wanted)
    throw mistake(`A recovery key has ${wanted} characters; these are ${typed.length}.`)
  return toBytes(key)
}

/** Without what only helps the eye, and with look-alikes as what they are meant for. */
export function normalize(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s\-‐-―]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
}

function mistake(message: string): QuaysideError {
  return new QuaysideError('invalid_input', message, {
    hint: 'Compare it with what you have saved, group by group.',
    field: 'text',
  })
}

function toDigits(key: Uint8Array): number[] {
  const digits: number[] = []
  let bits = 0
  let held = 0
  for (const byte of [...key, 0]) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      digits.push((held >> bits) & 31)
      held &= (1 << bits) - 1
    }
  }
  return digits.slice(0, groups * perGroup)
}

function toBytes(digits: readonly number[]): Uint8Array {
  const key = new Uint8Array(keyBytes)
  let bits = 0
  let held = 0
  let at = 0
  for (const digit of digits) {
    held = (held << 5) | digit
    bits += 5
    if (bits < 8) continue
    bits -= 8
    key[at] = held >> bits
    at += 1
    held &= (1 << bits) - 1
  }
  return key
}

/**
 * A weighted sum over the field of 32 elements: one wrong digit, two exchanged neighbours and two
 * exchanged groups always change it.
 */
function checkDigit(group: number, digits: readonly number[]): number {
  return digits.reduce((sum, digit) => timesTwo(sum ^ digit), group + 1)
}

/** In GF(2⁵) by x⁵ + x² + 1. */
function timesTwo(element: number): number {
  const shifted = element << 1
  return shifted > 31 ? shifted ^ 0b100101 : shifted
}
