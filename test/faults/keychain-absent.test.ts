import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasKeyring, openDesktop } from './keychain-desktop.ts'
import type { Answer, Desktop } from './keychain-desktop.ts'

const everyCall = [['status'], ['get', 'kept'], ['set', 'new', 'v'], ['delete', 'kept']]

describe.runIf(hasKeyring)('a keychain that can’t be used', () => {
  let desktop: Desktop
  beforeEach(async () => {
    desktop = await openDesktop()
  })
  afterEach(() => desktop.close())

  /** Each call failed with this code; nothing was written anywhere instead. */
  function allFailed(answers: Answer[], code: string, state: string): void {
    expect(answers[0]?.value).toMatchObject({ place: 'keychain', state, error: { code } })
    expect(answers.slice(1).map((answer) => answer.error?.code)).toEqual([code, code, code])
    for (const { error } of answers.slice(1)) expect(error?.hint).toBeTruthy()
    expect(readdirSync(desktop.home)).toEqual([])
  }

  test('no session bus: unavailable, with what to install', async () => {
    const answers = await desktop.ask(everyCall, { PATH: process.env['PATH'] })
    allFailed(answers, 'keychain_unavailable', 'absent')
    expect(answers[1]?.error?.hint).toContain('apt install gnome-keyring')
  })

  test('a keyring service without any keyring: unavailable', async () => {
    await desktop.startKeyring()
    allFailed(await desktop.ask(everyCall), 'keychain_unavailable', 'absent')
  })

  test('a locked keyring: locked, also where it says “no such entry”; then it opens', async () => {
    await desktop.startKeyring('open sesame')
    await desktop.ask([['set', 'kept', 'treasure']])
    await desktop.startKeyring()
    allFailed(await desktop.ask(everyCall), 'keychain_locked', 'locked')
    await desktop.startKeyring('open sesame')
    const answers = await desktop.ask([['status'], ['get', 'kept']])
    expect(answers.map((answer) => answer.value)).toEqual([
      { place: 'keychain', state: 'ready', error: null },
      'treasure',
    ])
  })

  test('a keyring that hangs: each call ends within ten seconds, and so does the process', async () => {
    await desktop.startKeyring('open sesame')
    desktop.freeze()
    const began = Date.now()
    const answers = await desktop.ask(everyCall)
    const took = Date.now() - began
    allFailed(answers, 'keychain_locked', 'locked')
    expect(answers[0]?.ms).toBeGreaterThan(9500)
    // The first one waits; the others are told at once, instead of taking one thread each.
    for (const answer of answers) expect(answer.ms).toBeLessThan(10_600)
    expect(answers[1]?.ms).toBeLessThan(100)
    expect(took).toBeLessThan(13_000)
    desktop.thaw()
    expect((await desktop.ask([['set', 'new', 'v']]))[0]?.error).toBeUndefined()
  })
})
