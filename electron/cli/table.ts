const gap = '  '

/** Rows under their headings, columns aligned; a trailing newline is left to the caller. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings.map((heading) => heading.toUpperCase()), ...rows]
  const widths = headings.map((_, column) =>
    Math.max(...all.map((row) => width(row[column] ?? ''))),
  )
  return all.map((row) => line(row, widths)).join('\n')
}

/** Facts under each other, names padded; a fact that is null is left out. */
export function facts(pairs: readonly (readonly [string, string | null])[]): string {
  const known = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null)
  const widest = Math.max(0, ...known.map(([name]) => width(name)))
  return known.map((pair) => line(pair, [widest])).join('\n')
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
    .join(gap)
    .trimEnd()
}

function width(text: string): number {
  return [...text].length
}
