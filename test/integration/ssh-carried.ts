import type { Agent } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import type { Host } from '../../electron/domain/ports.ts'
import { get } from './ssh-connector.ts'

/** That a connection carries Docker's calls, many at once, and commands of any words, with input and output. */
export async function expectCarried(host: Host, agent: Agent): Promise<void> {
  expect(JSON.parse(await get(agent, '/containers/json'))).toBeInstanceOf(Array)
  const many = await Promise.all(Array.from({ length: 20 }, () => get(agent, '/_ping')))
  expect(new Set(many)).toEqual(new Set(['OK']))

  expect(await host.exec(['printf', '%s|', "it's", '$HOME', ''])).toEqual({
    code: 0,
    stdout: "it's|$HOME||",
    stderr: '',
  })
  // Also the code by which ssh tells an end of its own.
  for (const code of [3, 255])
    expect(await host.exec(['sh', '-c', `echo no >&2; exit ${code}`])).toEqual({
      code,
      stdout: '',
      stderr: 'no\n',
    })
  expect((await host.exec(['cat'], { stdin: 'in' })).stdout).toBe('in')
  expect(await text(await host.stream(['seq', '3']))).toBe('1\n2\n3\n')
}
