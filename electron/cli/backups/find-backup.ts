import type { BackupCopyView, BackupView } from '../../../shared/contract/backups.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import { findDatabase } from '../find-database.ts'

const latest = '@latest'

/**
 * The backup that is meant: by its id, the beginning of it, or `DATABASE@latest`.
 * @throws QuaysideError `not_found`; `invalid_input` when several fit
 */
export async function findBackup(
  core: Core,
  reference: string,
  signal: AbortSignal,
): Promise<BackupView> {
  if (reference.endsWith(latest)) {
    const query = {
      reference: reference.slice(0, -latest.length),
      options: {},
      place: 'either',
    } as const
    const { id: databaseId, name } = await findDatabase(core, query, signal)
    const own = await core.backups.list({ databaseId }, { signal })
    const whole = own.find(({ copies }) => copies.some(({ problem }) => problem === null))
    if (whole !== undefined) return whole
    throw new QuaysideError('not_found', `There is no backup of ${name} that is whole.`, {
      hint: `"quayside backup create ${name}" makes one.`,
    })
  }
  const wanted = reference.toLowerCase()
  const all = await core.backups.list({}, { signal })
  const [found, second] = wanted === '' ? [] : all.filter(({ id }) => id.startsWith(wanted))
  if (second !== undefined) {
    throw new QuaysideError('invalid_input', `Several backups begin with "${reference}".`, {
      hint: 'Give more of the id: "quayside backup list --json" shows it whole.',
    })
  }
  if (found !== undefined) return found
  throw new QuaysideError('not_found', `There is no backup "${reference}".`, {
    hint: '"quayside backup list" shows the backups; "quayside backup scan DESTINATION" finds more.',
  })
}

/**
 * The copy at that destination, or the only one.
 * @throws QuaysideError `not_found`; `invalid_input` when there are several and none is named
 */
export function chooseCopy(backup: BackupView, from: string | undefined): BackupCopyView {
  const names = backup.copies.map(({ destinationName }) => destinationName).join(', ')
  if (from !== undefined) {
    const named = backup.copies.find(
      (copy) => copy.destinationName === from || copy.destinationId === from,
    )
    if (named !== undefined) return named
    throw new QuaysideError('not_found', `This backup has no copy at ${from}.`, {
      hint: `Its copies are at: ${names}.`,
      field: 'from',
    })
  }
  const [only, second] = backup.copies
  if (only !== undefined && second === undefined) return only
  throw new QuaysideError('invalid_input', 'This backup has several copies.', {
    hint: `Name one by --from: ${names}.`,
    field: 'from',
  })
}
