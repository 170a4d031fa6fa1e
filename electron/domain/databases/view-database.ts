import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import type { DatabaseRecord, LastKnown } from '../ports.ts'

/** A database as its faces show it, from the record and what its host says. */
export function viewDatabase(known: {
  record: DatabaseRecord
  hostName: string
  /** Null while the host does not answer. */
  live: LastKnown | 'missing' | null
  /** Why the host says nothing now, in words; null where nobody has asked it. */
  silence: string | null
  /** When its state was known last, epoch milliseconds. */
  lastHeard: number | null
  jobId: JobId | null
}): DatabaseView {
  const { record, hostName, jobId } = known
  const { lastKnown, state, ...rest } = record
  return { ...rest, hostName, jobId, ...statusOf(known) }
}

type Status = Pick<DatabaseView, 'status' | 'reason' | 'since' | 'startedAt'>

function statusOf(known: Parameters<typeof viewDatabase>[0]): Status {
  const { record, hostName, live, silence, lastHeard } = known
  if (record.state === 'creating') {
    return { status: 'creating', reason: null, since: record.createdAt, startedAt: null }
  }
  if (record.state === 'trash') {
    return { status: 'trash', reason: null, since: record.deletedAt, startedAt: null }
  }
  if (live === null) {
    return { status: 'unknown', reason: silence, since: lastHeard, startedAt: null }
  }
  if (live === 'missing') {
    const reason = `Its container is gone from ${hostName}`
    return { status: 'failed', reason, since: record.lastKnown?.at ?? null, startedAt: null }
  }
  return {
    status: live.status,
    reason: live.reason,
    since: live.since,
    startedAt: live.status === 'running' || live.status === 'attention' ? live.startedAt : null,
  }
}
