import { createHash, randomBytes } from 'node:crypto'
import { PassThrough, Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { QuaysideError } from '../../../../shared/errors.ts'
import type { Clock } from '../../ports.ts'
import { digest } from './digest.ts'
import { gate } from './gate.ts'
import { meter, type Flow } from './meter.ts'
import { runPipeline, type PipelineSpec } from './run-pipeline.ts'

// Real timers, and a stall after 300 ms; the adapter's clock is another room's.
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      })
      if (signal?.aborted === true) reject(signal.reason as Error)
    }),
}

const pieces = Array.from({ length: 40 }, () => randomBytes(100_000))
const whole = Buffer.concat(pieces)

/** A sink that keeps what it read, and what it knows of its end. */
function keeper() {
  const state = { bytes: Buffer.alloc(0), ended: false, cleaned: false }
  const take = async (content: Readable): Promise<number> => {
    try {
      const kept: Buffer[] = []
      for await (const chunk of content) kept.push(chunk as Buffer)
      state.bytes = Buffer.concat(kept)
      state.ended = true
      return state.bytes.length
    } catch (error) {
      state.cleaned = true
      throw error
    }
  }
  return { state, sink: { name: 'the destination', take } }
}

/** An async stage that handles a piece as told; never, if told nothing. */
const stageOf = (handle: (n: number, chunk: Buffer) => Promise<Buffer>): Transform => {
  let n = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      handle(n, chunk).then((out) => next(null, out), next)
      n += 1
    },
  })
}
const still = new Promise<never>(() => undefined)

async function outcome<T>(spec: Omit<PipelineSpec<T>, 'clock' | 'stallMs'>): Promise<unknown> {
  return runPipeline({ clock, stallMs: 300, ...spec }).catch((error: unknown) => error)
}
const dump = (stream: Readable = Readable.from(pieces)) => ({ name: 'the dump', stream })

describe('a pipeline', () => {
  it('gives what its sink gave, once everything has ended', async () => {
    const { state, sink } = keeper()
    const hashed = digest()
    const flows: Flow[] = []
    const result = await runPipeline({
      clock,
      stallMs: 300,
      source: dump(),
      stages: [
        { name: 'hashing', stream: hashed.stage },
        { name: 'measuring', stream: meter(clock, (flow) => flows.push(flow)) },
        { name: 'the last check', stream: gate(async () => undefined) },
      ],
      sink,
    })
    expect(result).toBe(whole.length)
    expect(state.bytes.equals(whole)).toBe(true)
    expect(hashed.result()).toEqual({
      bytes: whole.length,
      sha256: createHash('sha256').update(whole).digest('hex'),
    })
    expect(flows.at(-1)?.bytes).toBe(whole.length)
  })

  it('runs without stages and without bytes', async () => {
    const { state, sink } = keeper()
    expect(await outcome({ source: dump(Readable.from([])), stages: [], sink })).toBe(0)
    expect(state.ended).toBe(true)
  })

  it('that runs at the pace of a slow sink is no stall', async () => {
    const slow = {
      name: 'the destination',
      take: async (content: Readable) => {
        for await (const chunk of content) await clock.sleep(20, void chunk)
        return 'slow'
      },
    }
    expect(await outcome({ source: dump(), stages: [], sink: slow })).toBe('slow')
  })

  it('waits for a sink that finishes long after the last byte', async () => {
    const { sink } = keeper()
    const late = {
      ...sink,
      take: async (content: Readable) => {
        const bytes = await sink.take(content)
        await clock.sleep(600)
        return bytes
      },
    }
    expect(await outcome({ source: dump(), stages: [], sink: late })).toBe(whole.length)
  })
})

describe('a pipeline fails with its first cause', () => {
  const cause = new QuaysideError('host_lost', 'The host is lost.')
  const full = new QuaysideError('destination_full', 'No room.')

  it('from the source', async () => {
    const { state, sink } = keeper()
    const source = Readable.from(
      (async function* () {
        yield pieces[0]
        throw cause
      })(),
    )
    expect(await outcome({ source: dump(source), stages: [], sink })).toBe(cause)
    expect(state).toMatchObject({ ended: false, cleaned: true })
  })

  it('from a stage', async () => {
    const { state, sink } = keeper()
    const stream = stageOf(async (n, chunk) => (n < 3 ? chunk : Promise.reject(cause)))
    const stages = [
      { name: 'hashing', stream: digest().stage },
      { name: 'encryption', stream },
      { name: 'hashing', stream: digest().stage },
    ]
    expect(await outcome({ source: dump(), stages, sink })).toBe(cause)
    expect(state.cleaned).toBe(true)
  })

  it('from the gate, so that the sink never sees an end', async () => {
    const { state, sink } = keeper()
    const stages = [{ name: 'the last check', stream: gate(() => Promise.reject(cause)) }]
    expect(await outcome({ source: dump(), stages, sink })).toBe(cause)
    expect(state).toMatchObject({ ended: false, cleaned: true })
  })

  it.each([
    ['before it reads', async () => Promise.reject(full)],
    [
      'while it reads',
      async (content: Readable) => {
        for await (const chunk of content) throw (void chunk, full)
      },
    ],
    [
      'and tears its input down before it says why',
      async (content: Readable) => {
        const disk = new Writable({
          write: (_chunk, _encoding, done) => done(new Error('ENOSPC')),
        })
        await pipeline(content, disk).catch(async () => {
          await clock.sleep(30)
          throw full
        })
      },
    ],
  ])('from the sink %s', async (_how, take) => {
    const sink = { name: 'the destination', take }
    expect(await outcome({ source: dump(), stages: [], sink })).toBe(full)
  })

  it('from the caller, who cancels', async () => {
    const { state, sink } = keeper()
    const cancel = new AbortController()
    const source = dump(new Readable({ read: () => undefined }))
    const ended = outcome({ source, stages: [], sink, signal: cancel.signal })
    cancel.abort()
    expect(await ended).toMatchObject({ name: 'AbortError' })
    expect(state.cleaned).toBe(true)
    expect(source.stream.destroyed).toBe(true)
  })

  it('from the caller, who does not wait for a sink that is long in saying why', async () => {
    const cancel = new AbortController()
    const take = async (content: Readable, over: AbortSignal): Promise<void> => {
      const disk = new Writable({ write: (_chunk, _encoding, done) => done(new Error('ENOSPC')) })
      await pipeline(content, disk).catch(async () => {
        setImmediate(() => cancel.abort(cause))
        await clock.sleep(60_000, over)
      })
    }
    const sink = { name: 'the destination', take }
    await outcome({ source: dump(), stages: [], sink, signal: cancel.signal })
    expect(cancel.signal.aborted).toBe(true)
  })

  it('from a caller who had cancelled before', async () => {
    const { sink } = keeper()
    const signal = AbortSignal.abort(cause)
    expect(await outcome({ source: dump(), stages: [], sink, signal })).toBe(cause)
  })

  it('from a guard', async () => {
    const { state, sink } = keeper()
    const source = dump(new Readable({ read: () => undefined }))
    const guards = [clock.sleep(20).then(() => Promise.reject(cause))]
    expect(await outcome({ source, stages: [], sink, guards })).toBe(cause)
    expect(state.cleaned).toBe(true)
  })
})

describe('a doubtful end is none', () => {
  it('where the source closes without an end', async () => {
    const { state, sink } = keeper()
    const source = new PassThrough()
    source.write(pieces[0])
    setTimeout(() => source.destroy(), 20)
    const error = await outcome({ source: dump(source), stages: [], sink })
    expect(error).toMatchObject({
      code: 'backup_failed',
      message: 'The data broke off at the dump.',
    })
    expect(state.ended).toBe(false)
  })

  it('where a stage closes without an end', async () => {
    const { sink } = keeper()
    const stream = new PassThrough()
    setTimeout(() => stream.destroy(), 20)
    const stages = [{ name: 'compression', stream }]
    const source = dump(new Readable({ read: () => undefined }))
    expect(await outcome({ source, stages, sink, code: 'restore_failed' })).toMatchObject({
      code: 'restore_failed',
      message: 'The data broke off at compression.',
    })
  })

  it('where the sink is content too early', async () => {
    const sink = { name: 'the destination', take: async () => 'all fine' }
    expect(await outcome({ source: dump(), stages: [], sink })).toMatchObject({
      code: 'backup_failed',
      message: 'The data broke off at the destination.',
    })
  })
})

describe('a stall is noticed, by the name of what stands still', () => {
  const { sink } = keeper()
  const through = (name: string) => ({ name, stream: new PassThrough() })
  const stuckSink = { name: 'the destination', take: async () => still }
  const stuckStage = {
    name: 'compression',
    stream: stageOf((n, chunk) => (n < 2 ? Promise.resolve(chunk) : still)),
  }
  const oncePiece = (): Readable => {
    let given = false
    return new Readable({
      read() {
        if (!given) this.push(pieces[0])
        given = true
      },
    })
  }

  it.each([
    ['the dump', { source: dump(oncePiece()), stages: [through('compression')], sink }],
    [
      'compression',
      { source: dump(), stages: [through('hashing'), stuckStage, through('encryption')], sink },
    ],
    [
      'the last check',
      {
        source: dump(),
        stages: [through('hashing'), { name: 'the last check', stream: gate(() => still) }],
        sink,
      },
    ],
    ['the destination', { source: dump(), stages: [through('hashing')], sink: stuckSink }],
  ])('%s', async (name, spec) => {
    // A sink that never answers is left alone after a while; here that while is short.
    const hasty: Clock = { ...clock, sleep: (ms, signal) => clock.sleep(Math.min(ms, 500), signal) }
    const error = await runPipeline({ ...spec, clock: hasty, stallMs: 300 }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'stalled' })
    expect((error as Error).message).toContain(`: ${name} stands still.`)
  })

  it('but what takes its time with what it has may have more of it than the others', async () => {
    const slowSink = {
      ...sink,
      patienceMs: 60_000,
      take: async (content: Readable, signal: AbortSignal) => {
        await clock.sleep(900, signal)
        return sink.take(content)
      },
    }
    const spec = { source: dump(), stages: [through('hashing')], clock, stallMs: 300 }
    await runPipeline({ ...spec, sink: slowSink })
    const impatient = { ...slowSink, patienceMs: undefined }
    const error = await runPipeline({ ...spec, source: dump(), stages: [], sink: impatient }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'stalled' })
  })

  it('nor is a source slow that was given time to read, or a check that was given time to count', async () => {
    const quiet = async function* (): AsyncGenerator<Buffer> {
      yield* pieces.slice(0, 1)
      await clock.sleep(900)
      yield* pieces.slice(1)
    }
    const counted = gate(() => clock.sleep(900))
    const long = { patienceMs: 60_000 }
    const { state, sink: keeping } = keeper()
    await runPipeline({
      source: { ...dump(Readable.from(quiet())), ...long },
      stages: [through('hashing'), { name: 'the last check', stream: counted, ...long }],
      sink: keeping,
      clock,
      stallMs: 300,
    })
    expect(state.ended).toBe(true)
  })
})

describe('the meter', () => {
  it('smooths the rate, and bears a clock that is set back', async () => {
    let now = 1_000_000
    const flows: Flow[] = []
    const stage = meter({ now: () => now }, (flow) => flows.push(flow))
    stage.resume()
    for (let beat = 0; beat < 40; beat += 1) {
      now += beat === 20 ? -3_600_000 : 500
      const piece = Buffer.alloc(beat < 20 ? 50_000 : 100_000)
      await new Promise((resolve) => stage.write(piece, resolve))
    }
    stage.end()
    await new Promise((resolve) => stage.once('end', resolve))
    expect(flows[19]?.bytesPerSecond).toBeCloseTo(100_000, -1)
    const rates = flows.slice(22).map(({ bytesPerSecond }) => bytesPerSecond)
    expect(rates.every((rate) => rate > 100_000 && rate <= 200_001)).toBe(true)
    expect(rates.at(-1)).toBeGreaterThan(180_000)
    expect(flows.at(-1)?.bytes).toBe(3_000_000)
  })
})
