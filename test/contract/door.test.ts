import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sender } from '../../electron/ipc/sender.ts'
import { contract } from '../../shared/contract/index.ts'
import { methodNames, openDoor } from './door.ts'
import { validInputs } from './valid-inputs.ts'

const url = 'app://bundle/index.html'
const strangers: Readonly<Record<string, Sender>> = {
  'a foreign page': {
    webContentsId: 1,
    frame: { origin: 'https://example.com', url: 'https://example.com/', isTop: true },
  },
  'a page whose address only begins like ours': {
    webContentsId: 1,
    frame: { origin: 'app://bundle.example.com', url: 'app://bundle.example.com/', isTop: true },
  },
  'another host of our scheme': {
    webContentsId: 1,
    frame: { origin: 'app://other', url: 'app://other/index.html', isTop: true },
  },
  'a file': {
    webContentsId: 1,
    frame: { origin: 'file://', url: 'file:///tmp/index.html', isTop: true },
  },
  'a frame inside our page': {
    webContentsId: 1,
    frame: { origin: 'app://bundle', url, isTop: false },
  },
  'about:blank': { webContentsId: 1, frame: { origin: 'null', url: 'about:blank', isTop: true } },
  'about:blank with our origin': {
    webContentsId: 1,
    frame: { origin: 'app://bundle', url: 'about:blank', isTop: true },
  },
  'a page without an address': {
    webContentsId: 1,
    frame: { origin: '', url: '', isTop: true },
  },
  'a frame that is gone': { webContentsId: 1, frame: null },
  'a window we did not make': {
    webContentsId: 2,
    frame: { origin: 'app://bundle', url, isTop: true },
  },
}

/** Own keys of that name, as they come out of a structured clone. */
const poisons = ['__proto__', 'constructor', 'prototype'].map((key): [string, object] => [
  key,
  JSON.parse(`{"${key}": {"polluted": true}}`) as object,
])

/** The input with something wrong put into one of its objects, chosen by `place`. */
function spoil(input: unknown, poison: object, place: number): unknown {
  const copy: unknown = structuredClone(input)
  const objects: object[] = []
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    // A list has no keys of its own to add to.
    if (!Array.isArray(value)) objects.push(value)
    Object.values(value).forEach(visit)
  }
  visit(copy)
  const target = objects[place % objects.length] ?? {}
  for (const key of Reflect.ownKeys(poison)) {
    const descriptor = Object.getOwnPropertyDescriptor(poison, key)
    if (descriptor !== undefined) Object.defineProperty(target, key, descriptor)
  }
  return copy
}

describe.each(methodNames)('%s', (name) => {
  const input = validInputs[name]

  it('lets our window through with an input that fits', async () => {
    const door = openDoor()
    await door.call(name, input)
    expect(door.reached.map((call) => call.name)).toEqual([name])
  })

  it.each(Object.entries(strangers))('refuses %s', async (_who, sender) => {
    const door = openDoor()
    expect(await door.call(name, input, sender)).toMatchObject({ ok: false })
    expect(door.reached).toEqual([])
    expect(door.logged).toHaveLength(1)
  })

  it('refuses a key that it does not know', async () => {
    const door = openDoor()
    for (const place of [0, 1, 2])
      expect(await door.call(name, spoil(input, { extra: 1 }, place))).toMatchObject({
        ok: false,
        error: { code: 'invalid_input' },
      })
    expect(door.reached).toEqual([])
  })

  it('refuses what is no object at all', async () => {
    const door = openDoor()
    for (const wrong of [undefined, null, '', 'x', 0, true, [], [input], new Map(), new Date()])
      expect(await door.call(name, wrong)).toMatchObject({ error: { code: 'invalid_input' } })
    expect(door.reached).toEqual([])
  })

  it.each([
    ['one long text', { extra: 'x'.repeat(300_000) }],
    ['many long texts', { extra: Array.from({ length: 9_000 }, () => 'x'.repeat(100)) }],
    ['many values', { extra: Array.from({ length: 20_000 }, () => 0) }],
    ['a deep nest', { extra: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown }],
    ['a circle', { extra: circle() }],
    ['bytes', { extra: new Uint8Array(8) }],
  ])('refuses %s', async (_what, poison) => {
    const door = openDoor()
    expect(await door.call(name, spoil(input, poison, 0))).toMatchObject({
      error: { code: 'invalid_input' },
    })
    expect(door.reached).toEqual([])
  })

  it.each(poisons)('refuses a key %s anywhere', async (_key, poison) => {
    const door = openDoor()
    for (const place of [0, 1, 2])
      expect(await door.call(name, spoil(input, poison, place))).toMatchObject({
        error: { code: 'invalid_input' },
      })
    expect(door.reached).toEqual([])
    expect('polluted' in {}).toBe(false)
  })

  it('answers whatever it is given, and passes on nothing but what it declares', async () => {
    const key = fc.oneof(
      fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', ...Object.keys(input)),
      fc.string(),
    )
    const hostile = fc.oneof(
      fc.object({ key, maxDepth: 3, withBigInt: true, withNullPrototype: true, withDate: true }),
      fc
        .tuple(fc.object({ key, maxDepth: 2 }), fc.nat(5))
        .map(([poison, place]) => spoil(input, poison, place)),
      fc.anything({ withMap: true, withSet: true, withTypedArray: true, withSparseArray: true }),
    )
    await fc.assert(
      fc.asyncProperty(hostile, async (sent) => {
        const door = openDoor()
        const reply = await door.call(name, sent)
        if (!reply.ok)
          expect(door.reached.length).toBe(reply.error.code === 'invalid_input' ? 0 : 1)
        for (const { input: got } of door.reached) {
          expect(Object.getPrototypeOf(got)).toBe(Object.prototype)
          expect(contract[name].input.safeParse(got).success).toBe(true)
        }
        expect('polluted' in {}).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})

function circle(): unknown {
  const one: { self?: unknown } = {}
  one.self = one
  return one
}

describe('the door', () => {
  it('knows no other method', async () => {
    const door = openDoor()
    for (const name of ['', 'hosts', 'hosts.', 'toString', '__proto__', 'constructor', 1, null, {}])
      expect(await door.call(name, {})).toMatchObject({ ok: false })
    expect(door.reached).toEqual([])
  })

  it('lets no undeclared key out, and nothing of what it held', async () => {
    const door = openDoor(() => ({ password: 'hunter2-canary', port: 5432 }))
    for (const name of methodNames.filter((each) => each !== 'databases.reveal')) {
      const reply = await door.call(name, validInputs[name])
      expect(reply, name).toMatchObject({ ok: false, error: { code: 'internal' } })
      expect(JSON.stringify(reply)).not.toContain('hunter2-canary')
    }
  })

  it('answers a bug with its sign and logs it whole', async () => {
    const bug = new TypeError('x is not a function')
    const door = openDoor(() => {
      throw bug
    })
    expect(await door.call('hosts.list', {})).toMatchObject({ error: { code: 'internal' } })
    expect(door.logged.map(({ thrown }) => thrown)).toEqual([bug])
  })

  it.each(['databases.reveal', 'databases.copy'] as const)(
    'hands out by %s no more than ten passwords in ten seconds',
    async (name) => {
      const door = openDoor(() => (name === 'databases.reveal' ? { password: 'x' } : {}))
      const ask = () => door.call(name, validInputs[name])
      for (let count = 0; count < 10; count += 1) expect(await ask()).toMatchObject({ ok: true })
      expect(await ask()).toMatchObject({ error: { code: 'busy' } })
      expect(door.reached).toHaveLength(10)
      door.now += 10_000
      expect(await ask()).toMatchObject({ ok: true })
    },
  )

  it('counts reading and copying together', async () => {
    const door = openDoor((name) => (name === 'databases.reveal' ? { password: 'x' } : {}))
    for (let count = 0; count < 10; count += 1)
      await door.call('databases.reveal', validInputs['databases.reveal'])
    expect(await door.call('databases.copy', validInputs['databases.copy'])).toMatchObject({
      error: { code: 'busy' },
    })
  })
})
