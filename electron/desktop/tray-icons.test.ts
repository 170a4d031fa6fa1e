import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../resources/tray')
const states = ['fine', 'attention', 'failed', 'unknown']

/** Width and height stand at the beginning of every PNG. */
function sizeOf(name: string): [number, number] {
  const bytes = readFileSync(join(folder, name))
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

it.each(states)(
  'the tray has an icon for “%s” in every size, each different from the others',
  (state) => {
    const files = [
      ...[16, 22, 32, 44].map((size) => [`${state}-${size}.png`, size] as const),
      ...[16, 32].map((size) => [`${state}Template-${size}.png`, size] as const),
    ]
    for (const [name, size] of files) {
      expect(sizeOf(name)).toEqual([size, size])
      for (const other of states.filter((each) => each !== state)) {
        const same = readFileSync(join(folder, name.replace(state, other)))
        expect(readFileSync(join(folder, name)).equals(same), `${name} and ${other}`).toBe(false)
      }
    }
  },
)
