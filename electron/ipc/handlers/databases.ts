import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `databases`. */
export function databaseHandlers({ databases }: Pick<Core, 'databases'>): HandlersOf<'databases'> {
  return {
    'databases.list': databases.list,
    'databases.read': databases.read,
    'databases.plan': databases.plan,
    'databases.create': databases.create,
    'databases.stats': databases.stats,
    'databases.start': databases.start,
    'databases.stop': databases.stop,
    'databases.restart': databases.restart,
    'databases.delete': databases.delete,
    'databases.undelete': databases.undelete,
    'databases.purge': databases.purge,
    'databases.setProtection': databases.setProtection,
    'databases.connection': databases.connection,
    'databases.reveal': databases.reveal,
    'databases.copy': databases.copy,
  }
}
