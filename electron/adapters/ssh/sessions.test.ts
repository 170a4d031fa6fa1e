import { expect, it } from 'vitest'
import { createSessions } from './sessions.ts'

class Full extends Error {}
const sessions = () => createSessions((error) => error instanceof Full, 1)

it('waits for a server that still counts the session that was left', async () => {
  let tries = 0
  const open = () => {
    tries += 1
    return tries < 3 ? Promise.reject(new Full()) : Promise.resolve('open')
  }
  expect(await sessions().open('command', undefined, open)).toBe('open')
})

it('gives up on a server that has room for none', async () => {
  let tries = 0
  const open = () => {
    tries += 1
    return Promise.reject(new Full())
  }
  await expect(sessions().open('stream', undefined, open)).rejects.toThrow(Full)
  expect(tries).toBe(6)
})

it('tells another error at once', async () => {
  let tries = 0
  const open = () => {
    tries += 1
    return Promise.reject(new Error('no'))
  }
  await expect(sessions().open('command', undefined, open)).rejects.toThrow('no')
  expect(tries).toBe(1)
})
