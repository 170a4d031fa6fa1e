let last: (() => void) | undefined

/** Remembers the last reversible act; the function given back undoes it, once. */
export function rememberUndo(undo: () => void): () => void {
  const once = () => {
    if (last === once) last = undefined
    undo()
  }
  last = once
  return once
}

/** Undoes the last reversible act, if there is one. */
export function undoLast(): void {
  last?.()
}
