/** What a list holds. */
interface Item {
  readonly id: string
}

/**
 * A list in which these ids are as read just now: who is not among what was read has gone. What has not
 * changed stays the same object, so that nothing is drawn anew for it. Undefined where something is
 * new: only the whole list knows its place.
 */
export function patchList<T extends Item>(
  list: readonly T[],
  ids: readonly string[],
  read: readonly T[],
): T[] | undefined {
  const asked = new Set(ids)
  const now = new Map(read.map((item) => [item.id, item]))
  const patched: T[] = []
  for (const item of list) {
    const next = asked.has(item.id) ? now.get(item.id) : item
    if (next !== undefined) patched.push(next)
    now.delete(item.id)
  }
  return now.size === 0 ? patched : undefined
}
