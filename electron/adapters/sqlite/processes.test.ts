import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Stores } from '../../domain/ports.ts'
import { someHost, standingClock, temporaryFolder } from './fixtures.ts'
import { openStores } from './index.ts'

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof standingClock>
const opened: Stores[] = []

const open = (pid?: number, ownClock = clock): Stores => {
  const stores = openStores({ file: join(folder.path, 'quayside.db'), clock: ownClock, pid })
  opened.push(stores)
  return stores
}

beforeEach(() => {
  folder = temporaryFolder()
  clock = standingClock()
})
afterEach(() => {
  for (const stores of opened.splice(0)) stores.close()
  folder[Symbol.dispose]()
})

/** A process of ours that does nothing but exist. */
async function sleeper(): Promise<{ pid: number; end(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  if (child.pid === undefined) throw new Error('did not start')
  return {
    pid: child.pid,
    async end() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

test('two that beat see each other; one that left is gone', () => {
  const window = open()
  const commandLine = open()
  expect(window.processes.alive()).toEqual(
    new Set([window.processes.self, commandLine.processes.self]),
  )
  commandLine.processes.leave()
  expect(window.processes.alive()).toEqual(new Set([window.processes.self]))
})

test('one whose process is gone is dead at once, and its row goes with the next start', async () => {
  const other = await sleeper()
  const window = open()
  const dead = open(other.pid)
  expect(window.processes.alive()).toContain(dead.processes.self)
  await other.end()
  expect(window.processes.alive()).not.toContain(dead.processes.self)
  open()
  const reader = new Database(join(folder.path, 'quayside.db'), { readonly: true })
  const rows = reader.prepare('SELECT id FROM processes').pluck().all()
  reader.close()
  expect(rows).toHaveLength(2)
  expect(rows).not.toContain(dead.processes.self)
})

test('one that exists but has not beaten for 30 s is dead', () => {
  const window = open()
  const hung = open()
  for (let second = 0; second < 30; second += 5) {
    clock.at += 5000
    window.processes.beat()
    expect(window.processes.alive()).toContain(hung.processes.self)
  }
  clock.at += 1000
  expect(window.processes.alive()).not.toContain(hung.processes.self)
  expect(hung.processes.alive()).toContain(hung.processes.self)
})

test('after a sleep of the computer, nobody is dead for not having beaten meanwhile', () => {
  const window = open()
  const other = open()
  clock.at += 8 * 3600 * 1000
  expect(window.processes.alive()).toContain(other.processes.self)
  clock.at += 5000
  other.processes.beat()
  for (let second = 0; second < 25; second += 5) {
    clock.at += 5000
    expect(window.processes.alive()).toContain(other.processes.self)
  }
})

test.runIf(process.platform === 'linux')('a later process with the same pid is another one', () => {
  const window = open()
  const other = open()
  const writer = new Database(join(folder.path, 'quayside.db'))
  const sql = "UPDATE processes SET birth = 'another-boot/1' WHERE id = ?"
  writer.prepare(sql).run(other.processes.self)
  writer.close()
  expect(window.processes.alive()).not.toContain(other.processes.self)
})

test('news of another process come once, and a heartbeat is no news', async () => {
  const window = open()
  const commandLine = open()
  let news = 0
  const stop = window.onForeignChange(() => (news += 1))
  commandLine.processes.beat()
  await clock.sleep(700)
  expect(news).toBe(0)
  commandLine.hosts.insert(someHost())
  await expect.poll(() => news, { timeout: 2000 }).toBe(1)
  window.hosts.insert(someHost({ name: 'own' }))
  await clock.sleep(700)
  expect(news).toBe(1)
  stop()
  commandLine.hosts.insert(someHost({ name: 'later' }))
  await clock.sleep(700)
  expect(news).toBe(1)
})

const hour = 3600 * 1000
test.each([hour, -hour, 365 * 24 * hour, -365 * 24 * hour])(
  'the clock jumps by %i ms: who lives stays alive, who hangs is dead after 30 s',
  (jump) => {
    const window = open()
    const living = open()
    const hung = open()
    clock.at += jump
    for (let second = 0; second < 60; second += 5) {
      expect(window.processes.alive()).toContain(living.processes.self)
      if (second <= 30) expect(window.processes.alive()).toContain(hung.processes.self)
      clock.at += 5000
      // In any order: the others meet the jump a moment later.
      window.processes.beat()
      living.processes.beat()
    }
    expect(window.processes.alive()).not.toContain(hung.processes.self)
    // One that begins after the jump believes the beats it sees no more than the others do.
    const late = open()
    expect(late.processes.alive()).toContain(living.processes.self)
  },
)
