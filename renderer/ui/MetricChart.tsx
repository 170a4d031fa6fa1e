import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatClock, noValue } from '../lib/format.ts'
import classes from './MetricChart.module.css'

/** One line of a chart. */
export interface ChartSeries {
  key: string
  label: string
  color: string
}

/** The values of one moment, by the key of their series. */
export type ChartPoint = { at: number } & Record<string, number | null>

export interface MetricChartProps {
  title: string
  points: readonly ChartPoint[]
  series: readonly ChartSeries[]
  format: (value: number) => string
  /** Epoch milliseconds. */
  from: number
  to: number
  /** The axis reaches at least this far. */
  top: number
  limit?: { value: number; label: string } | undefined
  /** For a point each day: how a day is named. It has no cursor in common with charts of minutes. */
  days?: ((at: number) => string) | undefined
}

/** Numbers over time. Charts of one page share their cursor. */
export function MetricChart(props: MetricChartProps) {
  const { title, points, series, format, from, to, top, limit, days } = props
  const values = points.flatMap((point) => series.map(({ key }) => point[key] ?? 0))
  // The line of the limit has its word below it.
  const highest = niceTop(Math.max(top, limit?.value ?? 0, ...values))
  return (
    <div className={classes.chart} role="img" aria-label={`${title} over time`}>
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart
          data={[...points]}
          margin={{ top: 6, right: 0, bottom: 0, left: 0 }}
          {...(days === undefined && { syncId: 'metrics', syncMethod: 'value' as const })}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--q-line)" />
          <XAxis
            dataKey="at"
            type="number"
            domain={[from, to]}
            allowDataOverflow
            ticks={days === undefined ? ticksOf(from, to) : dayTicksOf(from, to)}
            tickFormatter={days ?? formatClock}
            tick={tick}
            tickLine={false}
            axisLine={{ stroke: 'var(--q-line2)' }}
            height={20}
          />
          <YAxis
            domain={[0, highest]}
            ticks={[0, highest / 2, highest]}
            tickFormatter={format}
            tick={tick}
            tickLine={false}
            axisLine={false}
            width={62}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--q-text3)' }}
            content={({ active, label }) => {
              const point = active ? points.find((one) => one.at === label) : undefined
              if (point === undefined) return null
              return <Hover point={point} series={series} format={format} days={days} />
            }}
          />
          {limit !== undefined && (
            <ReferenceLine
              y={limit.value}
              stroke="var(--q-text3)"
              strokeDasharray="3 3"
              label={{
                value: limit.label,
                position: 'insideTopRight',
                fontSize: 11,
                fill: 'var(--q-text3)',
              }}
            />
          )}
          {series.map(({ key, label, color }) => (
            <Area
              key={key}
              dataKey={key}
              name={label}
              type="linear"
              stroke={color}
              strokeWidth={1.5}
              fill={color}
              fillOpacity={0.08}
              dot={
                days === undefined
                  ? false
                  : (dot) => <LoneDot {...dot} line={points} series={key} color={color} />
              }
              activeDot={{ r: 3, strokeWidth: 0 }}
              isAnimationActive={false}
              connectNulls={false}
            />
          ))}
        </AreaChart>
      </ResponsiveContainer>
    </div>
  )
}

const dayMs = 24 * 3_600_000
const tick = { fontSize: 11, fill: 'var(--q-text3)' }

/** A day between two without a number, which no line leads to. */
function LoneDot(props: {
  cx?: number | string | undefined
  cy?: number | string | undefined
  index: number
  line: readonly ChartPoint[]
  series: string
  color: string
}) {
  const { cx, cy, index, line, series, color } = props
  const there = (at: number) => typeof line[at]?.[series] === 'number'
  if (!there(index) || there(index - 1) || there(index + 1)) return null
  return <circle cx={cx} cy={cy} r={2} fill={color} />
}

type HoverProps = Pick<MetricChartProps, 'series' | 'format' | 'days'> & { point: ChartPoint }

function Hover({ point, series, format, days }: HoverProps) {
  return (
    <div className={classes.hover}>
      <div className={classes.time}>
        {days?.(point.at) ?? new Date(point.at).toLocaleTimeString('en-GB')}
      </div>
      {series.map(({ key, label, color }) => {
        const value = point[key] ?? null
        return (
          <div key={key} className={classes.hoverRow}>
            <span className={classes.swatch} style={{ background: color }} />
            {label}
            <span className={classes.hoverValue}>{value === null ? noValue : format(value)}</span>
          </div>
        )
      })}
    </div>
  )
}

/** Whole minutes, four or five of them. */
function ticksOf(from: number, to: number): number[] {
  const minute = 60_000
  const step = Math.max(1, Math.round((to - from) / minute / 5)) * minute
  const ticks: number[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at)
  return ticks
}

/** The first and the last day, and a few between. */
function dayTicksOf(from: number, to: number): number[] {
  return [0, 1, 2, 3, 4].map((part) => {
    const days = Math.round(((to - from) / dayMs / 4) * part)
    return from + days * dayMs
  })
}

/** The next round number above: half of it is round too. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 4, 5, 8, 10].find((one) => one * power >= value) ?? 10
  return step * power
}
