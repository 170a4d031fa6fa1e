import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import type { DatabaseRecord, LastKnown } from '../ports.ts'

/** A database as its faces show it, from the record and what its host says. */
export function viewDatabase(known: {
  record: DatabaseRecord
  hostName: string
  /** Null while the host does not answer. */
  live: LastKnown | 'missing' | null
  jobId: JobId | null
}): DatabaseView {
  const { record, hostName, live, jobId } = known
  const { lastKnown, state, ...rest } = record
  return { ...rest, hostName, jobId, ...statusOf(record, hostName, live) }
}

type Status = Pick<DatabaseView, 'status' | 'reason' | 'since' | 'startedAt'>

function statusOf(
  record: DatabaseRecord,
  hostName: string,
  live: LastKnown | 'missing' | null,
): Status {
  if (record.state === 'creating') {
    return { status: 'creating', reason: null, since: record.createdAt, startedAt: null }
  }
  if (record.state === 'trash') {
    return { status: 'trash', reason: null, since: record.deletedAt, startedAt: null }
  }
  if (live === null) {
    return { status: 'unknown', reason: null, since: record.lastKnown?.at ?? null, startedAt: null }
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
