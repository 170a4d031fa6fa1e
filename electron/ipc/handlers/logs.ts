import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `logs`. */
export function logsHandlers({ logs }: Pick<Core, 'logs'>): HandlersOf<'logs'> {
  return {
    'logs.follow': logs.follow,
    'logs.unfollow': logs.unfollow,
    'logs.download': logs.download,
  }
}
