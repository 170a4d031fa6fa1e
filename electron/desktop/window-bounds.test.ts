import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isReachable, readBounds, writeBounds } from './window-bounds.ts'

const bounds = { x: 40, y: 30, width: 1280, height: 800, maximized: false }

describe('the place of the window', () => {
  let home = ''
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'quayside-bounds-'))
  })
  afterEach(() => {
    rmSync(home, { recursive: true })
  })

  it('is known again at the next start', () => {
    expect(readBounds(home)).toBeUndefined()
    writeBounds(home, bounds)
    expect(readBounds(home)).toEqual(bounds)
  })

  it.each(['', '{', '[]', '{"x":1}', JSON.stringify({ ...bounds, width: 0 })])(
    'is not known by a file that holds %j',
    (text) => {
      writeFileSync(join(home, 'window.json'), text)
      expect(readBounds(home)).toBeUndefined()
    },
  )
})

describe('isReachable', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 }
  const beside = { x: 1920, y: 0, width: 1280, height: 1024 }

  it.each([
    ['in the middle of a screen', { ...bounds }, [screen], true],
    ['on the second screen', { ...bounds, x: 2000 }, [screen, beside], true],
    ['on a screen that is gone', { ...bounds, x: 2000 }, [screen], false],
    ['with its title bar above the screen', { ...bounds, y: -40 }, [screen], false],
    ['with its title bar below the screen', { ...bounds, y: 1070 }, [screen], false],
    ['with a narrow strip of it in sight', { ...bounds, x: 1900 }, [screen], false],
    ['larger than the screen', { ...bounds, width: 4000, height: 3000 }, [screen], true],
  ])('of a window %s', (_where, place, screens, reachable) => {
    expect(isReachable(place, screens)).toBe(reachable)
  })
})
