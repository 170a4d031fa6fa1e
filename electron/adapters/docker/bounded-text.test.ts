import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBoundedText } from './bounded-text.ts'

it('keeps all of a short text, and both ends of a long one', () => {
  const pieces = fc.array(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 40 })
  fc.assert(
    fc.property(pieces, fc.integer({ min: 2, max: 200 }), (parts, most) => {
      const text = createBoundedText(most)
      const all = Buffer.concat(parts.map((part) => Buffer.from(part)))
      for (const part of parts) text.add(Buffer.from(part))
      const half = Math.floor(most / 2)
      if (all.length <= 2 * half) expect(text.text()).toBe(all.toString())
      else {
        const [head, tail] = [all.subarray(0, half), all.subarray(-half)].map(String)
        expect(text.text()).toBe(`${head}\n… ${all.length - 2 * half} bytes left out …\n${tail}`)
      }
    }),
  )
})
