import type { HostView } from '../../shared/contract/hosts.ts'
import { isAnswering, silenceOf } from '../../shared/host-status.ts'
import type { Place } from '../../shared/places.ts'
import { hasSlept, worthAWordMs, type Current, type Notice, type Seen } from './notice.ts'

export interface SeenHost {
  readonly state: HostView['status']['state']
  /** It has answered since the app runs: only then its silence is news. */
  readonly answered: boolean
  readonly lostSince: number | null
  /** Its loss was told; so will be its return. */
  readonly told: boolean
}

/** What is to be remembered of a host: how long it, or Docker on it, has been silent. */
export function seeHost(previous: Seen | null, { id, status }: HostView, now: number): SeenHost {
  const before = previous?.hosts.get(id)
  // One that needs the user is tried again now and then: that it still does is no news.
  const tried = status.state === 'connecting' && before !== undefined && needsUser(before.state)
  const state = tried ? before.state : status.state
  if (isAnswering(status)) return { state, answered: true, lostSince: null, told: false }
  // Each try to reach a lost host makes it "connecting" for a moment: it is lost all the while.
  const lost =
    state === 'lost' ||
    state === 'degraded' ||
    (state === 'connecting' && typeof before?.lostSince === 'number')
  const lostSince = lost ? (hasSlept(previous, now) ? now : (before?.lostSince ?? now)) : null
  const answered = before?.answered === true
  const told =
    before?.told === true || (answered && lost && now - (lostSince ?? now) >= worthAWordMs)
  return { state, answered, lostSince, told }
}

/** True where its silence becomes news if it lasts. */
export function hostWaits({ answered, lostSince, told }: SeenHost): boolean {
  return answered && lostSince !== null && !told
}

/** That a host was lost or needs the user, and that it is back. */
export function hostNotice(
  previous: Seen,
  seen: Seen,
  current: Current,
  { id, name, status }: HostView,
): Notice[] {
  const before = previous.hosts.get(id)
  const after = seen.hosts.get(id)
  if (before === undefined || after === undefined) return []
  const place: Place = { kind: 'host', id }
  const notice = (title: string, body: string): Notice[] => [{ title, body, place }]
  if (after.told && !before.told) {
    const count = current.databases.filter(({ hostId }) => hostId === id).length
    const lost = status.state === 'connecting' ? { state: 'lost' as const, error: null } : status
    return notice(silenceOf(name, lost), `${unknown(count)} Quayside keeps trying.`.trim())
  }
  if (before.told && isAnswering(status)) return notice(`${name} is back`, 'It answers again.')
  const turned = before.state !== after.state && before.answered
  if (turned && needsUser(status.state)) {
    return notice(silenceOf(name, status), status.error?.message ?? 'Quayside waits for you.')
  }
  return []
}

function needsUser(state: SeenHost['state']): boolean {
  return state === 'refused' || state === 'key-changed'
}

function unknown(count: number): string {
  if (count === 0) return ''
  return count === 1
    ? 'Its database is unknown until it does.'
    : `Its ${count} databases are unknown until it does.`
}
