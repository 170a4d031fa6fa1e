import { PassThrough } from 'node:stream'
import { expect, it, vi } from 'vitest'
import type { ExecOptions } from '../../domain/ports.ts'
import { collectOutput } from './collect-output.ts'

/** A program that runs until it is told to end. */
function program(options: ExecOptions = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let exit: (code: number) => void = () => undefined
  let lose: (reason: Error) => void = () => undefined
  const ended = new Promise<number>((resolve, reject) => {
    exit = resolve
    lose = reject
  })
  const stop = vi.fn()
  const result = collectOutput({ stdin, stdout, stderr, ended, stop }, options)
  return { stdin, stdout, stderr, exit, lose, stop, result }
}

it('gives what was printed on both ways, and the exit code', async () => {
  const { stdin, stdout, stderr, exit, stop, result } = program({ stdin: 'input' })
  expect(String(stdin.read())).toBe('input')
  // A character cut in two by the packets.
  const euro = Buffer.from('€')
  stdout.write(euro.subarray(0, 1))
  stdout.write(euro.subarray(1))
  stderr.write('trouble')
  exit(3)
  expect(await result).toEqual({ code: 3, stdout: '€', stderr: 'trouble' })
  expect(stop).not.toHaveBeenCalled()
})

it('gives up a program that prints too much', async () => {
  const { stdout, stop, result } = program()
  for (let mebibyte = 0; mebibyte < 5; mebibyte += 1) stdout.write(Buffer.alloc(2 ** 20))
  await expect(result).rejects.toThrow('The program printed more than 4 MiB.')
  expect(stop).toHaveBeenCalled()
})

it('gives up a program that nobody waits for any more, also before it began', async () => {
  const abort = new AbortController()
  const late = program({ signal: abort.signal })
  abort.abort(new Error('It was enough.'))
  const never = program({ signal: abort.signal })
  for (const { result, stop } of [late, never]) {
    await expect(result).rejects.toThrow('It was enough.')
    expect(stop).toHaveBeenCalledOnce()
  }
})

it('tells why no exit code came', async () => {
  const { lose, result } = program()
  lose(new Error('The link was lost.'))
  await expect(result).rejects.toThrow('The link was lost.')
})
