import { lazy } from 'react'

/** `MetricChart`, loaded where it is first shown: the library of charts is large. Wants a Suspense. */
export const LateMetricChart = lazy(async () => ({
  default: (await import('./MetricChart.tsx')).MetricChart,
}))
