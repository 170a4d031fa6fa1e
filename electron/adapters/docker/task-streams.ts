import { Transform, Writable, type Duplex, type Readable } from 'node:stream'
import { dockerDown, dockerError } from './docker-error.ts'
import { attempt, readFrames } from './log-frames.ts'

/** What may wait on this side for a slow reader or a slow task, bytes. */
const waitingBytes = 512 * 1024

/**
 * The input of a task. A write that nobody will read any more would wait for ever, as only the other
 * half of the connection tells that the task is over; so every write is raced against that.
 */
export function taskInput(socket: Duplex, exit: Promise<number>): Writable {
  let waiting: ((error?: Error | null) => void) | null = null
  let over: Error | null = null

  /** Done by whoever is first: the connection, or the end of the task. */
  const once = (done: (error?: Error | null) => void) => {
    waiting = done
    return (error?: Error | null): void => {
      if (waiting !== done) return
      waiting = null
      done(error === undefined || error === null ? null : asError(dockerError(error)))
    }
  }
  const input = new Writable({
    highWaterMark: waitingBytes,
    write(chunk: Buffer, _encoding, done) {
      if (over === null) socket.write(chunk, once(done))
      else done(over)
    },
    final(done) {
      if (over === null) socket.end(once(done))
      else done()
    },
  })
  // Whoever wrote is told by the write itself.
  input.on('error', () => undefined)

  const finish = (error: Error): void => {
    if (over !== null) return
    over = error
    const pending = waiting
    waiting = null
    // The last write or the end was on its way: whether the task had all it needs, its exit tells.
    const atEnd = input.writableEnded && isClosed(error)
    if (pending !== null) pending(atEnd ? null : error)
    if (!atEnd) input.destroy(error)
  }
  socket.once('end', () => finish(closed()))
  socket.once('error', (error) => finish(asError(dockerError(error))))
  socket.once('close', () => finish(closed()))
  exit.then(
    () => finish(closed()),
    (error: unknown) => finish(asError(error)),
  )
  return input
}

/**
 * The output of a task without the error output. A connection that breaks, in whichever way, is an
 * error here: the end comes only after Docker has told how the task ended.
 *
 * @param over resolves when it has, without having broken off
 */
export function taskOutput(
  socket: Duplex,
  over: Promise<unknown>,
  onSaid: (piece: Buffer) => void,
): Readable {
  let ended = false
  over.catch(() => undefined)
  const frames = readFrames((piece, stream) => {
    if (stream === 2) onSaid(piece)
    else output.push(piece)
  })
  const output = new Transform({
    readableHighWaterMark: waitingBytes,
    transform: (chunk: Buffer, _encoding, done) => attempt(() => frames.take(chunk), done),
    flush: (done) =>
      attempt(
        () => frames.end(),
        (broken) => {
          if (broken) return done(broken)
          over.then(
            () => done(),
            (error: unknown) => done(asError(error)),
          )
        },
      ),
  })
  // Whoever reads is told by the reading itself; before anyone does, it must not end the program.
  output.on('error', () => undefined)
  output.once('close', () => socket.destroy())
  socket.once('end', () => {
    ended = true
    // Else the channel under it would never be closed.
    socket.end()
  })
  socket.once('error', (error) => output.destroy(asError(dockerError(error))))
  socket.once('close', () => {
    if (!ended) output.destroy(dockerDown('the connection was closed within the task’s output'))
  })
  socket.pipe(output)
  return output
}

const closedCode = 'EPIPE'

function closed(): Error {
  return Object.assign(new Error('The task reads no more.'), { code: closedCode })
}

function isClosed(error: Error): boolean {
  return 'code' in error && error.code === closedCode
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
