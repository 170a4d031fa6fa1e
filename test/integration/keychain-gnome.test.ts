import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasKeyring, openDesktop } from '../faults/keychain-desktop.ts'
import type { Answer, Desktop } from '../faults/keychain-desktop.ts'

describe.runIf(hasKeyring)('a real GNOME Keyring', () => {
  let desktop: Desktop
  const values = async (calls: readonly (readonly string[])[]): Promise<unknown[]> =>
    (await desktop.ask(calls)).map((answer: Answer) => answer.error ?? answer.value)

  beforeAll(async () => {
    desktop = await openDesktop()
    await desktop.startKeyring('open sesame')
  })
  afterAll(() => desktop.close())

  test('is ready', async () => {
    expect(await values([['status']])).toEqual([{ place: 'keychain', state: 'ready', error: null }])
  })

  test('keeps a secret over processes until it is deleted', async () => {
    const secret = 'ö-✓ "quoted" A/B+c'
    expect(await values([['set', 'database/1/password', secret]])).toEqual([null])
    const calls = [
      ['get', 'database/1/password'],
      ['get', 'database/2/password'],
      ['set', 'database/1/password', 'another'],
      ['get', 'database/1/password'],
      ['delete', 'database/1/password'],
      ['delete', 'database/1/password'],
      ['get', 'database/1/password'],
    ]
    expect(await values(calls)).toEqual([secret, null, null, 'another', null, null, null])
  })

  test('answers many calls at once', async () => {
    const [all] = await values([['together']])
    expect(all).toEqual(Array.from({ length: 25 }, (_, index) => `together/${String(index)}`))
  })

  test('refuses what it could not give back', async () => {
    const answers = await desktop.ask([
      ['set', 'x', ''],
      ['set', 'x', 'a\0b'],
    ])
    expect(answers.map((answer) => answer.error?.code)).toEqual(['invalid_input', 'invalid_input'])
  })
})
