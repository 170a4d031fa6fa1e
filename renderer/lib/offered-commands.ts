import { useEffect, useSyncExternalStore, type ReactNode } from 'react'

/** Something that the screen can do now, for whoever lists all that can be done. */
export interface OfferedCommand {
  id: string
  label: string
  icon: ReactNode
  run: () => void
}

let offered: readonly OfferedCommand[] = []
const listeners = new Set<() => void>()

function offer(commands: readonly OfferedCommand[]): void {
  offered = commands
  for (const listener of listeners) listener()
}

const none: readonly OfferedCommand[] = []

/** Offers them for as long as the one who calls is on the screen. */
export function useOffer(commands: readonly OfferedCommand[]): void {
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
export function useOffered(): readonly OfferedCommand[] {
  return useSyncExternalStore(subscribe, () => offered)
}
