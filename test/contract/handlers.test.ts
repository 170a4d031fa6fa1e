import { expect, it } from 'vitest'
import type { Core } from '../../electron/domain/core.ts'
import { createHandlers } from '../../electron/ipc/handlers/index.ts'
import { methodNames } from './door.ts'

/** A core whose every method answers with its own full name. */
const namingCore = new Proxy(
  {},
  {
    get: (_core, noun) =>
      new Proxy({}, { get: (_noun, verb) => () => `${String(noun)}.${String(verb)}` }),
  },
) as Core

it('every method of the contract has a handler, and there is no other', () => {
  expect(Object.keys(createHandlers(namingCore)).sort()).toEqual([...methodNames].sort())
})

it.each(methodNames)('%s is answered by that very method of the core', (name) => {
  const handlers = createHandlers(namingCore) as unknown as Record<string, () => unknown>
  expect(handlers[name]?.()).toBe(name)
})
