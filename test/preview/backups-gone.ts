import type { BackupFreshness, BackupView } from '../../shared/contract/backups.ts'
import { backups, freshness } from './backups.ts'
import { databases } from './data.ts'
import { destinations, nearId, offSiteId } from './destinations.ts'

const problem = {
  code: 'not_found',
  message: 'This backup is not at its destination any more.',
  hint: 'It was removed there. Use another copy or another backup.',
} as const

const [, sessions, staging] = databases

/** From where all backups of a database have vanished: of one off-site, of one all there were. */
function goneFrom(databaseId: string | null): readonly string[] {
  if (databaseId === sessions?.id) return [offSiteId]
  return databaseId === staging?.id ? [nearId] : []
}

export const backupsGone: BackupView[] = backups.map((each) => ({
  ...each,
  copies: each.copies.map((copy) =>
    goneFrom(each.databaseId).includes(copy.destinationId) ? { ...copy, problem } : copy,
  ),
}))

export const freshnessGone: BackupFreshness[] = freshness.map((each) => ({
  ...each,
  ...(each.databaseId === staging?.id && { newest: null, trend: [] }),
  vanished: destinations
    .filter(({ id }) => goneFrom(each.databaseId).includes(id))
    .map(({ id, name }) => ({ destinationId: id, destinationName: name })),
}))
