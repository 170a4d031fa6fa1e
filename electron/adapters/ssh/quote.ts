const plain = /^[A-Za-z0-9_./:=@%+,-]+$/

/**
 * Quotes words for a command line that sshd hands to the user's login shell. Backslashes and single
 * quotes are escaped outside of quotes, which sh, bash, zsh and fish read alike (inside single
 * quotes fish does not).
 *
 * @throws RangeError for a NUL, which no command line can carry.
 */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ')
}

function quoteWord(word: string): string {
  if (word.includes('\0')) throw new RangeError('A command line cannot carry a NUL.')
  if (word === '') return "''"
  if (plain.test(word)) return word
  return word
    .split(/(['\\])/)
    .map((part) => {
      if (part === '') return ''
      if (part === "'" || part === '\\') return `\\${part}`
      return plain.test(part) ? part : `'${part}'`
    })
    .join('')
}
