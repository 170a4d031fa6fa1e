/**
 * How well a text fits what was typed: 0 where it does not, more where it fits better. Each word that
 * was typed has to be found, in this order of worth: the whole text, its beginning, the beginning of
 * a word in it, anywhere in it, and unless `letters` is false its letters in their order (`cu` finds
 * "Copy URL").
 */
export function fit(query: string, text: string, letters = true): number {
  const target = text.toLowerCase()
  let sum = 0
  let words = 0
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === '') continue
    const score = fitWord(word, target) || (letters ? fitLetters(word, target) : 0)
    if (score === 0) return 0
    sum += score
    words += 1
  }
  // Among equals the shorter text is nearer to what was typed.
  return words === 0 ? 0 : sum / words - Math.min(target.length, 99) / 1000
}

function fitWord(word: string, target: string): number {
  if (target === word) return 100
  const at = target.indexOf(word)
  if (at === 0) return 80
  if (at > 0) {
    for (let from = at; from !== -1; from = target.indexOf(word, from + 1)) {
      if (startsWord(target, from)) return 60
    }
    return 40
  }
  return 0
}

/** Letters in their order, the first at a word's beginning; more the more of them begin a word. */
function fitLetters(word: string, target: string): number {
  let at = -1
  let starts = 0
  for (const letter of word) {
    const next = nextLetter(letter, target, at + 1)
    if (next === -1) return 0
    if (at === -1 && !startsWord(target, next)) return 0
    if (startsWord(target, next) || next === at + 1) starts += 1
    at = next
  }
  // Scattered letters are chance, not meaning.
  const share = starts / word.length
  return share < 0.6 ? 0 : 20 * share
}

/** The letter's next place, at a word's beginning if there is one. */
function nextLetter(letter: string, target: string, from: number): number {
  if (target[from] === letter) return from
  for (let at = from; at < target.length; at += 1) {
    if (target[at] === letter && startsWord(target, at)) return at
  }
  return target.indexOf(letter, from)
}

function startsWord(target: string, at: number): boolean {
  return at === 0 || !/[a-z0-9]/.test(target[at - 1] ?? '')
}

/** What scores, best first; what scores alike stays in its order. */
export function ranked<T>(
  all: readonly T[],
  scoreOf: (each: T) => number,
): { value: T; score: number }[] {
  return all
    .map((value) => ({ value, score: scoreOf(value) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
}
