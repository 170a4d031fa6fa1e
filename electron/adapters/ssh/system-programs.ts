import { spawn } from 'node:child_process'
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process'
import type { ExecOptions, ExecResult } from '../../domain/ports.ts'
import { collectOutput } from './collect-output.ts'
import { withSignal } from './dial.ts'

/** The many `ssh` of one link, which end with it. */
export interface SystemPrograms {
  /** Runs one to its end. */
  run(words: readonly string[], options: ExecOptions): Promise<ExecResult>
  /**
   * Starts one that opens a channel.
   * @param isOpen whether what it has said on stderr means that the channel is there
   * @param refused why there is none, by what it said until it ended
   */
  open(
    words: readonly string[],
    isOpen: (said: string) => boolean,
    refused: (said: string) => Error,
    signal?: AbortSignal,
  ): Promise<ChildProcessWithoutNullStreams>
  stop(): void
}

export function createSystemPrograms(): SystemPrograms {
  const children = new Set<ChildProcess>()

  const start = (words: readonly string[]): ChildProcessWithoutNullStreams => {
    const child = spawn('ssh', words, { windowsHide: true })
    children.add(child)
    child.once('close', () => children.delete(child))
    child.on('error', () => {}) // “close” follows
    child.stdin.on('error', () => {}) // a program that does not read its input
    return child
  }

  return {
    run(words, options) {
      const child = start(words)
      const { stdin, stdout, stderr } = child
      const stop = () => void child.kill()
      return collectOutput({ stdin, stdout, stderr, ended: exitOf(child), stop }, options)
    },
    open(words, isOpen, refused, signal) {
      const child = start(words)
      let said = ''
      const opened = new Promise<ChildProcessWithoutNullStreams>((resolve, reject) => {
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(-4_000)
          if (!isOpen(said)) return
          child.stderr.removeAllListeners('data').resume()
          resolve(child)
        })
        child.once('close', () => reject(refused(said)))
      })
      return (signal ? withSignal(opened, signal) : opened).catch((error: unknown) => {
        child.kill()
        throw error
      })
    },
    stop() {
      for (const child of children) child.kill()
    },
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 128))
  })
}

/** As ssh2 tells it: `reason` 1 for what sshd's settings forbid. */
export function channelRefused(why: string): Error {
  const prohibited = /administratively prohibited/.test(why)
  return Object.assign(new Error(why), { reason: prohibited ? 1 : 2 })
}
