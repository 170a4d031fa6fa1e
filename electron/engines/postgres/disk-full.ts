/**
 * Whether words of PostgreSQL’s, or of a tool beside it, speak of a full disk: the memory that parallel
 * queries share has no more space either at times, and is no disk.
 */
export function isDiskFull(words: string): boolean {
  return words
    .split('\n')
    .some((line) => /no space left on device/i.test(line) && !/shared memory/i.test(line))
}
