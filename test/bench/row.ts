import type { BenchLab } from './bench-lab.ts'

type Unit = 'ms' | 'MB' | '%'

/** One measured row. Smaller is better; `ratio` is ours divided by the peer's. */
export interface Row {
  readonly name: string
  readonly ours: number
  /** What one would use without Quayside, in the same run. */
  readonly peer: number
  /** What nobody can go below on this machine, in the same run. */
  readonly floor: number
  readonly unit: Unit
  readonly ratio: number
}

/** A figure that a row has to reach. */
export interface Aim {
  readonly text: string
  readonly met: boolean
}

/** A row, or a few: how it is measured and what it has to reach. */
export interface Benchmark {
  readonly name: string
  /** Needs the built app and a screen. */
  readonly window?: true
  /** Several rows where one measuring tells of several sides. */
  measure(lab: BenchLab, signal: AbortSignal): Promise<Row | Row[]>
  aims(row: Row): Aim[]
}

/** Makes a row of three figures. */
export function rowOf(
  name: string,
  { ours, peer, floor }: { ours: number; peer: number; floor: number },
  unit: Unit = 'ms',
): Row {
  const ratio = round(ours / peer)
  return { name, ours: round(ours), peer: round(peer), floor: round(floor), unit, ratio }
}

/** Three significant digits, or whole numbers from a hundred upward. */
function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}

/** How often `larger` holds `smaller`, for a reader. */
export function times(larger: number, smaller: number): string {
  return `${(larger / smaller).toFixed(larger / smaller >= 10 ? 0 : 2)} ×`
}
