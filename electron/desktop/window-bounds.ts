import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

const boundsSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
})

/** Where a window stands, in screen pixels. */
export type WindowBounds = z.infer<typeof boundsSchema>

/** A rectangle on the screen. */
export type Area = Readonly<Record<'x' | 'y' | 'width' | 'height', number>>

const fileOf = (home: string) => join(home, 'window.json')

/** Where the window stood last; undefined where that is not known. */
export function readBounds(home: string): WindowBounds | undefined {
  try {
    return boundsSchema.parse(JSON.parse(readFileSync(fileOf(home), 'utf8')))
  } catch {
    // Missing with the first start; and a damaged one costs no more than the window's usual place.
    return undefined
  }
}

/** Keeps where the window stands for the next start. */
export function writeBounds(home: string, bounds: WindowBounds): void {
  writeFileSync(fileOf(home), `${JSON.stringify(bounds)}\n`, { mode: 0o600 })
}

// Enough of the title bar to take hold of the window.
const graspable = 80

/** True where the window can be seen and moved on one of these screens: one may be gone by now. */
export function isReachable(bounds: Area, screens: readonly Area[]): boolean {
  return screens.some((screen) => {
    const right = Math.min(bounds.x + bounds.width, screen.x + screen.width)
    const wide = right - Math.max(bounds.x, screen.x) >= graspable
    return wide && bounds.y >= screen.y && bounds.y + graspable <= screen.y + screen.height
  })
}
