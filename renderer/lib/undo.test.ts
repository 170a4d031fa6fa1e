import { expect, it, vi } from 'vitest'
import { rememberUndo, undoLast } from './undo.ts'

it('undoes the last act once', () => {
  const undo = vi.fn()
  rememberUndo(undo)
  undoLast()
  undoLast()
  expect(undo).toHaveBeenCalledTimes(1)
})

it('does nothing more after the button has undone it', () => {
  const undo = vi.fn()
  rememberUndo(undo).run()
  undoLast()
  expect(undo).toHaveBeenCalledTimes(1)
})

it('leaves alone what is no longer offered', () => {
  const undo = vi.fn()
  rememberUndo(undo).forget()
  undoLast()
  expect(undo).not.toHaveBeenCalled()
})
