import type { Icon } from '@tabler/icons-react'
import { useEffect, useSyncExternalStore } from 'react'

/** One thing that can be done, for whoever lists all of them. */
export interface Command {
  id: string
  label: string
  /** Quiet words behind the label. */
  fact?: string
  icon: Icon
  /** Its own shortcut. */
  keys?: string
  /** Left out of what is shown before anything is typed. */
  onlyFound?: boolean
  run: () => void
}

let offered: readonly Command[] = []
const listeners = new Set<() => void>()

function offer(commands: readonly Command[]): void {
  offered = commands
  for (const listener of listeners) listener()
}

const none: readonly Command[] = []

/** Offers what the screen can do now, for as long as the one who calls is on it. */
export function useOffer(commands: readonly Command[]): void {
  // Anew with each drawing: what they do hangs on what is shown then.
  useEffect(() => {
    offer(commands)
  })
  useEffect(
    () => () => {
      offer(none)
    },
    [],
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What is offered now. */
export function useOffered(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => offered)
}
