import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `backups`. */
export function backupHandlers({ backups }: Pick<Core, 'backups'>): HandlersOf<'backups'> {
  return {
    'backups.list': backups.list,
    'backups.tables': backups.tables,
    'backups.freshness': backups.freshness,
    'backups.create': backups.create,
    'backups.verify': backups.verify,
    'backups.testRestore': backups.testRestore,
    'backups.remove': backups.remove,
    'backups.scan': backups.scan,
    'backups.looks': backups.looks,
    'backups.look': backups.look,
  }
}
