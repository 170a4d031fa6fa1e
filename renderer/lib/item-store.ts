/** What a list holds. */
interface Item {
  readonly id: string
}

/** The items of a list. Who shows one of them hears of that one alone. */
export interface ItemStore<T extends Item> {
  get(id: string): T | undefined
  /** Calls back whenever this one has come, changed or gone; returns the way to stop. */
  subscribe(id: string, listener: () => void): () => void
  /** Takes the list as it is now; what has not changed in it is the same object as before. */
  take(list: readonly T[]): void
}

export function createItemStore<T extends Item>(): ItemStore<T> {
  let held: readonly T[] = []
  const items = new Map<string, T>()
  const listeners = new Map<string, Set<() => void>>()

  /** The ids that are new in the list or stand for another object. */
  const taken = (list: readonly T[]): string[] => {
    const ids: string[] = []
    let index = 0
    for (const item of list) {
      // As a rule all but one stand where they stood.
      if (item === held[index++] || item === items.get(item.id)) continue
      items.set(item.id, item)
      ids.push(item.id)
    }
    return ids
  }
  const dropped = (list: readonly T[]): string[] => {
    if (items.size === list.length) return []
    const left = new Set(list.map(({ id }) => id))
    const ids = [...items.keys()].filter((id) => !left.has(id))
    for (const id of ids) items.delete(id)
    return ids
  }

  return {
    get: (id) => items.get(id),
    subscribe(id, listener) {
      const own = listeners.get(id) ?? new Set()
      listeners.set(id, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0) listeners.delete(id)
      }
    },
    take(list) {
      if (list === held) return
      const changed = [...taken(list), ...dropped(list)]
      held = list
      for (const id of changed) for (const listener of listeners.get(id) ?? []) listener()
    },
  }
}
