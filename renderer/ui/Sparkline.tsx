import { memo } from 'react'
import classes from './Sparkline.module.css'

const width = 52
const height = 16

interface SparklineProps {
  /** Oldest first; null where nothing is known. */
  points: readonly { at: number; value: number | null }[]
  /** The value at the top, unless a point is higher. */
  top: number
  label: string
}

/** A small line of the last minutes, drawn by hand: hundreds of them must cost next to nothing. */
export const Sparkline = memo(function Sparkline({ points, top, label }: SparklineProps) {
  const from = points[0]?.at ?? 0
  const span = (points.at(-1)?.at ?? 0) - from
  const known = points.filter((point) => point.value !== null)
  if (span <= 0 || known.length < 2) return <svg width={width} height={height} aria-hidden />
  const highest = Math.max(top, ...known.map(({ value }) => value ?? 0))
  const path = known
    .map(({ at, value }) => {
      const x = ((at - from) / span) * width
      const y = height - 1.5 - ((value ?? 0) / highest) * (height - 3)
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
  return (
    <svg width={width} height={height} role="img" aria-label={label} className={classes.line}>
      <polyline points={path} />
    </svg>
  )
})
