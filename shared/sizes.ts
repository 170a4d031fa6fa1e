const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/**
 * The unit in which so many bytes are told: decimal ones, as Docker and disk makers use them. Half a unit
 * of rounding is looked ahead, so that 999.6 MB reads 1.0 GB and not 1000 MB.
 */
export function byteScale(bytes: number): { unit: string; divisor: number } {
  let index = 0
  let divisor = 1
  while (index < units.length - 1 && bytes / divisor >= 999.5) {
    index += 1
    divisor *= 1000
  }
  return { unit: units[index] ?? 'B', divisor }
}

/** So many bytes in that unit: below a hundred with one digit after the point, but for bytes. */
export function scaleBytes(bytes: number, divisor: number): string {
  const value = bytes / divisor
  return value.toFixed(divisor === 1 || value >= 99.95 ? 0 : 1)
}

/** A number of bytes for people: `154 MB`, `96.0 MB`. */
export function formatBytes(bytes: number): string {
  const { unit, divisor } = byteScale(bytes)
  return `${scaleBytes(bytes, divisor)} ${unit}`
}
