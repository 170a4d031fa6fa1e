import { expect, it } from 'vitest'
import { isAnswering, silenceOf } from './host-status.ts'

const docker = { code: 'docker_down', message: 'Docker on ams-1 does not answer.' } as const
const login = { code: 'login_refused', message: 'ams-1 refuses the key.' } as const
const lost = { code: 'host_lost', message: 'ams-1 does not answer.' } as const

it.each([
  ['lost', lost, 'ams-1 does not answer'],
  // The first try after a loss.
  ['connecting', lost, 'ams-1 does not answer'],
  ['connecting', null, 'ams-1 is being connected'],
  ['degraded', docker, 'Docker on ams-1 does not answer'],
  ['lost', docker, 'Docker on ams-1 does not answer'],
  ['refused', login, 'ams-1 refuses the login'],
  ['refused', { code: 'passphrase_needed', message: '' }, 'ams-1 needs you'],
  ['key-changed', { code: 'host_key_changed', message: '' }, 'ams-1 has another host key'],
] as const)('a host that is %s says nothing because %o: %s', (state, error, words) => {
  expect(silenceOf('ams-1', { state, error })).toBe(words)
  expect(isAnswering({ state, error })).toBe(false)
})

it('a host with limits answers', () => {
  expect(isAnswering({ state: 'degraded', error: null })).toBe(true)
  expect(isAnswering({ state: 'ready', error: null })).toBe(true)
})
