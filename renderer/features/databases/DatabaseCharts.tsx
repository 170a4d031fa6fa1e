import { SegmentedControl } from '@mantine/core'
import { memo, Suspense, useMemo, useState, type ReactNode } from 'react'
import { closeBeatMs, type StatsSample } from '../../../shared/contract/metrics.ts'
import { useStatsAge } from '../../lib/stats-age.ts'
import { LateMetricChart } from '../../ui/LateMetricChart.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import type { ChartPoint } from '../../ui/MetricChart.tsx'
import { chartKinds, type ChartKind } from './chart-kinds.ts'
import classes from './DatabaseCharts.module.css'

const minute = 60_000
const ranges = { '5': '5 min', '15': '15 min' } as const
type Range = keyof typeof ranges

/** How a database has been in the last minutes. */
export function DatabaseCharts({ samples }: { samples: readonly StatsSample[] }) {
  const [range, setRange] = useState<Range>('5')
  const span = Number(range) * minute
  const last = samples.at(-1)
  const age = useStatsAge(samples, 'close')
  const to = last?.at ?? 0
  const shown = useMemo(() => samples.filter(({ at }) => to - at <= span), [samples, to, span])
  return (
    <section className={classes.charts} aria-label="Live statistics">
      <div className={classes.head}>
        <Freshness known={last !== undefined} age={age} />
        <SegmentedControl
          size="xs"
          aria-label="Range"
          value={range}
          data={Object.entries(ranges).map(([value, label]) => ({ value, label }))}
          onChange={(value) => {
            setRange(value === '15' ? '15' : '5')
          }}
        />
      </div>
      <div className={classes.grid}>
        {chartKinds.map((kind) => (
          <Chart
            key={kind.title}
            kind={kind}
            samples={shown}
            from={to - span}
            to={to}
            old={age !== null}
          />
        ))}
      </div>
    </section>
  )
}

/** @param props.age of the last numbers, where they are none of now */
function Freshness({ known, age }: { known: boolean; age: string | null }): ReactNode {
  if (!known) return <span className={classes.fresh}>Waiting for the first numbers…</span>
  if (age === null) {
    return (
      <span className={classes.fresh}>
        <StateDot kind="running" label="Live" /> Live, every {closeBeatMs / 1000} s
      </span>
    )
  }
  return (
    <span className={classes.fresh}>
      <StateDot kind="unknown" label="Unknown" /> {age}, unknown since then
    </span>
  )
}

interface ChartProps {
  kind: ChartKind
  samples: readonly StatsSample[]
  from: number
  to: number
  /** Then no value stands beside the title as that of now. */
  old: boolean
}

const Chart = memo(function Chart({ kind, samples, from, to, old }: ChartProps) {
  const last = samples.at(-1)
  const points = samples.map((sample): ChartPoint => ({ at: sample.at, ...kind.values(sample) }))
  const known = points.some((point) => kind.series.some(({ key }) => (point[key] ?? null) !== null))
  const head = last === undefined || old ? null : kind.head(last)
  return (
    <figure className={classes.figure} aria-label={kind.title}>
      <figcaption className={classes.caption}>
        <span className={classes.title}>{kind.title}</span>
        {kind.series.length > 1 && (
          <span className={classes.legend}>
            {kind.series.map(({ key, label, color }) => (
              <span key={key} className={classes.key}>
                <span className={classes.swatch} style={{ background: color }} />
                {label}
              </span>
            ))}
          </span>
        )}
        <span className={classes.value}>{head}</span>
      </figcaption>
      {known && last !== undefined && points.length > 1 ? (
        <Suspense fallback={<div className={classes.blank} />}>
          <LateMetricChart
            title={kind.title}
            points={points}
            series={kind.series}
            format={kind.format}
            from={from}
            to={to}
            top={kind.top}
            limit={kind.limit?.(last)}
          />
        </Suspense>
      ) : (
        <div className={classes.blank}>
          {samples.length > 2 ? 'Not known on this host' : old ? 'Nothing since' : 'Collecting…'}
        </div>
      )}
    </figure>
  )
})
