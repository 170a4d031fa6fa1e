import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock, HostRunner } from '../ports.ts'
import { forgetCommands, runLasting } from './lasting-command.ts'

const clock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms / 10, undefined, signal && { signal })
  },
}

// This machine's own shell in the place of a server's.
const runner: HostRunner = {
  exec: ([program = '', ...args], options) =>
    new Promise((resolve, reject) => {
      options?.signal?.throwIfAborted()
      const child = spawn(program, args)
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
      child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
      child.on('error', reject)
      child.on('close', (code) => {
        resolve({ code: code ?? 128, stdout, stderr })
      })
    }),
  close: () => undefined,
}

describe('a command that lasts', () => {
  let home = ''
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lasting-'))
  })
  afterEach(() => {
    rmSync(home, { recursive: true, force: true })
  })
  const at = (name: string) => join(home, 'job', name)

  it('gives its code and all of its output, and tells line by line', async () => {
    const lines: string[] = []
    const command = 'echo one; sleep 0.2; echo two >&2; exit 3'
    const ended = await runLasting(runner, clock, {
      folder: at('a'),
      command,
      onLine: (line) => lines.push(line),
    })
    expect(ended).toEqual({ code: 3, output: 'one\ntwo\n' })
    expect(lines).toEqual(['one', 'two'])
  })

  it('goes on when nobody looks any more, and is found at work', async () => {
    const folder = at('b')
    const command = `echo begun >>${home}/times; sleep 0.6; echo done`
    const lost = new AbortController()
    const first = runLasting(runner, clock, { folder, command, signal: lost.signal })
    await sleep(150)
    lost.abort(new Error('the link is gone'))
    await expect(first).rejects.toThrow()
    const second = await runLasting(runner, clock, { folder, command })
    expect(second).toEqual({ code: 0, output: 'done\n' })
    expect(readFileSync(join(home, 'times'), 'utf8')).toBe('begun\n')
  })

  it('is run anew once it has ended', async () => {
    const run = () =>
      runLasting(runner, clock, {
        folder: at('c'),
        command: `echo x >>${home}/n; wc -l <${home}/n`,
      })
    expect((await run()).output.trim()).toBe('1')
    expect((await run()).output.trim()).toBe('2')
  })

  it('that was ended from outside is said to be that', async () => {
    const folder = at('d')
    const running = runLasting(runner, clock, { folder, command: 'echo half; sleep 30' })
    const failed = expect(running).rejects.toMatchObject({
      code: 'install_failed',
      detail: expect.stringContaining('half') as string,
    })
    await sleep(200)
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    process.kill(-pid, 'SIGKILL')
    await failed
  })

  it('leaves nothing once it is forgotten', async () => {
    await runLasting(runner, clock, { folder: at('e'), command: 'true' })
    await forgetCommands(runner, join(home, 'job'))
    expect(existsSync(join(home, 'job'))).toBe(false)
  })
})
