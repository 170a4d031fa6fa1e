let last: (() => void) | undefined

/** An act that can be taken back. */
export interface Undo {
  /** Takes it back, once. */
  run(): void
  /** It is no longer offered: the key leaves it alone. */
  forget(): void
}

/** Remembers the last reversible act. */
export function rememberUndo(undo: () => void): Undo {
  const forget = () => {
    if (last === run) last = undefined
  }
  const run = () => {
    forget()
    undo()
  }
  last = run
  return { run, forget }
}

/** Undoes the last reversible act, if there is one. */
export function undoLast(): void {
  last?.()
}
