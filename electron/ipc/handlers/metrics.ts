import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `metrics`. */
export function metricsHandlers({ metrics }: Pick<Core, 'metrics'>): HandlersOf<'metrics'> {
  return {
    'metrics.watch': metrics.watch,
    'metrics.history': metrics.history,
  }
}
