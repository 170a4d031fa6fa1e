import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `jobs`. */
export function jobHandlers({ jobs }: Pick<Core, 'jobs'>): HandlersOf<'jobs'> {
  return {
    'jobs.list': jobs.list,
    'jobs.get': jobs.get,
    'jobs.cancel': jobs.cancel,
    'jobs.retry': jobs.retry,
  }
}
