import { Notification } from 'electron'
import type { Place } from '../../shared/places.ts'
import type { Clock, Log } from '../domain/ports.ts'
import type { Notice, Seen } from './notice.ts'
import { notificationsFor } from './notifications-for.ts'
import type { Overview } from './overview.ts'

export interface NotificationsDeps {
  clock: Clock
  log: Log
  /** Whether the user wants any. */
  wanted: () => boolean
  /** Whether the user has the window before them. */
  focused: () => boolean
  /** Leads to a place in the window. */
  show: (place: Place) => void
}

/** As many are held for a click; the system itself forgets older ones. */
const heldAtMost = 20

/** The system's notifications. */
export interface Notifications {
  /** Tells what is news in it; true where time alone can make more of it. */
  look(overview: Overview): boolean
  /** Tells one thing; false where this system shows no notifications. */
  tell(notice: Notice): boolean
}

/** Tells of news by the system's notifications; a click leads to the place. */
export function createNotifications(deps: NotificationsDeps): Notifications {
  const { clock, log, wanted, focused, show } = deps
  let seen: Seen | null = null
  // One that nobody holds is collected, and a click on it then does nothing.
  const held: Notification[] = []

  function tell({ title, body, place }: Notice): boolean {
    if (!Notification.isSupported()) return false
    const notification = new Notification({ title, body })
    const forget = () => {
      const index = held.indexOf(notification)
      if (index !== -1) held.splice(index, 1)
    }
    notification.on('click', () => {
      forget()
      show(place)
    })
    notification.on('failed', (_event, reason) => {
      forget()
      log.warn('a notification could not be shown', { reason })
    })
    held.push(notification)
    if (held.length > heldAtMost) held.shift()
    notification.show()
    return true
  }

  return {
    look(overview) {
      const next = notificationsFor(seen, { ...overview, focused: focused() }, clock.now())
      seen = next.seen
      if (wanted()) next.notices.forEach(tell)
      return next.waits
    },
    tell,
  }
}
