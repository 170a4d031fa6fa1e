import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import type { LogNews } from '../../../shared/contract/logs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DatabaseRecord, Host, HostRecord } from '../ports.ts'
import { followLog, type FollowDeps } from './follow-log.ts'

const id = databaseIdSchema.parse('11111111-1111-4111-8111-111111111111')
const failures = ['Docker on srv does not answer.', 'The connection to srv was lost.']

/** A log of a few lines that breaks off, and a Docker that stays away, each time for another reason. */
async function* breaksOff() {
  yield [{ at: '1', stream: 'stdout', text: 'a line', cut: false }]
  await delay(20)
  throw new QuaysideError('docker_down', failures[0] ?? '')
}

it('keeps telling why it waits, also with the lines that came last, and a new reason too', async () => {
  const told: Omit<LogNews, 'follower'>[] = []
  const over = new AbortController()
  const labels = { 'io.quayside.database.id': id, 'io.quayside.environment': 'development' }
  const container = { id: 'c', state: 'running', labels }
  const docker = { inspectContainer: () => Promise.resolve(container), followLogs: breaksOff }
  let tries = 0
  const deps: FollowDeps = {
    registry: {
      record: () => ({ name: 'srv' }) as HostRecord,
      ready: async () => {
        tries += 1
        if (tries === 1) return { docker: () => docker } as unknown as Host
        if (tries === 4) over.abort()
        throw new QuaysideError('docker_down', failures[tries === 2 ? 0 : 1] ?? '')
      },
    },
    clock: { now: () => Date.now(), sleep: (ms: number) => delay(Math.min(ms, 150)) },
    redact: (text: string) => text,
    record: () => ({ id, containerName: 'c', name: 'db' }) as DatabaseRecord,
    tell: (news) => void told.push(news),
  }
  await followLog(deps, { follow: true, tail: null, since: null, signal: over.signal })
  const waiting = told.filter(({ state }) => state === 'waiting').map(({ error }) => error?.message)
  expect(new Set(waiting)).toEqual(new Set(failures))
  expect(told.flatMap(({ lines }) => lines)).toHaveLength(1)
})
