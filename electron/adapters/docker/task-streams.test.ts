import { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import { taskInput, taskOutput } from './task-streams.ts'

/** The connection to a task, of which the test plays the other side. */
class Line extends Duplex {
  readonly got: Buffer[] = []
  ended = false
  /** While it is set, writes wait for ever, as those to a task that reads no more. */
  deaf = false
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.got.push(chunk)
    if (!this.deaf) done()
  }
  override _final(done: () => void): void {
    this.ended = true
    done()
  }
}

function frame(stream: number, text: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

function deferred() {
  let resolve: (code: number) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<number>((yes, no) => {
    resolve = yes
    reject = no
  })
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}

function open() {
  const line = new Line()
  line.on('error', () => undefined)
  const exit = deferred()
  const said: string[] = []
  const output = taskOutput(line, exit.promise, (piece) => said.push(piece.toString()))
  return { line, exit, said, output, input: taskInput(line, exit.promise) }
}

const lost = new QuaysideError('host_lost', 'The connection was lost.')

async function read(output: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const piece of output) text += piece.toString()
  return text
}

describe('the output of a task', () => {
  it('is apart from what it says, and ends only once its exit is known', async () => {
    const { line, exit, said, output } = open()
    const reading = read(output)
    line.push(Buffer.concat([frame(1, 'one'), frame(2, 'oh'), frame(1, ' two')]))
    line.push(null)
    const first = await Promise.race([reading, new Promise((r) => setTimeout(r, 30, 'waits'))])
    expect(first).toBe('waits')
    exit.resolve(3)
    expect(await reading).toBe('one two')
    expect(said).toEqual(['oh'])
    expect(line.ended).toBe(true)
  })

  it.each([
    ['the connection breaks', (t: ReturnType<typeof open>) => t.line.destroy(lost), 'host_lost'],
    [
      'it is closed without a word',
      (t: ReturnType<typeof open>) => t.line.destroy(),
      'docker_down',
    ],
    [
      'the end comes but no exit',
      (t: ReturnType<typeof open>) => {
        t.line.push(null)
        t.exit.reject(lost)
      },
      'host_lost',
    ],
  ])('fails when %s', async (_how, fault, code) => {
    const task = open()
    const reading = read(task.output)
    task.line.push(frame(1, 'half of it'))
    setImmediate(() => fault(task))
    await expect(reading).rejects.toMatchObject({ code })
  })

  it('fails when it breaks off within a frame', async () => {
    const { line, exit, output } = open()
    const reading = read(output)
    line.push(frame(1, 'not all').subarray(0, 11))
    line.push(null)
    exit.resolve(0)
    await expect(reading).rejects.toThrow('breaks off within a frame')
  })
})

describe('the input of a task', () => {
  const pieces = function* () {
    for (let piece = 0; piece < 50; piece++) yield Buffer.alloc(100_000)
  }

  it('reaches it, and its end too', async () => {
    const { line, input } = open()
    await pipeline(pieces, input)
    expect(Buffer.concat(line.got).length).toBe(5_000_000)
    expect(line.ended).toBe(true)
  })

  it.each([
    ['the task’s output ends', ({ line }: ReturnType<typeof open>) => line.push(null), 'EPIPE'],
    ['the task is over', ({ exit }: ReturnType<typeof open>) => exit.resolve(5), 'EPIPE'],
    [
      'the connection breaks',
      ({ line }: ReturnType<typeof open>) => line.destroy(lost),
      'host_lost',
    ],
  ])('fails instead of waiting when %s', async (_how, fault, code) => {
    const task = open()
    task.output.resume()
    task.line.deaf = true
    const writing = pipeline(pieces, task.input)
    setImmediate(() => fault(task))
    await expect(writing).rejects.toMatchObject({ code })
  })

  it('that is destroyed gives the task no end: it would take half for all', async () => {
    const { line, input } = open()
    input.write(Buffer.from('half'))
    input.destroy(new Error('the file could not be read on'))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(line.ended).toBe(false)
  })
})
