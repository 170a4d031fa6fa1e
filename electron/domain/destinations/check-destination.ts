import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  destinationCheckSteps,
  type DestinationCheck,
  type DestinationCheckStep,
} from '../../../shared/contract/destinations.ts'
import { QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { Destination } from '../../destinations/destination.ts'

const titles: Readonly<Record<DestinationCheckStep['name'], string>> = {
  write: 'Write a small object',
  read: 'Read it back',
  list: 'Find it in the list',
  delete: 'Delete it',
}

interface CheckOptions {
  checkId: string
  signal: AbortSignal
  onProgress(check: DestinationCheck): void
}

/**
 * Does with a small object of its own what a backup will need: the same for every kind. A step that
 * fails ends the walk, but what was written is deleted in any case.
 */
export async function checkDestination(
  open: () => Promise<Destination>,
  { checkId, signal, onProgress }: CheckOptions,
): Promise<DestinationCheck> {
  const steps: DestinationCheckStep[] = destinationCheckSteps.map((name) => ({
    name,
    title: titles[name],
    state: 'waiting',
    ms: null,
    error: null,
  }))
  const told = (): DestinationCheck => ({
    checkId,
    steps: steps.map((step) => ({ ...step })),
    ok: steps.every(({ state }) => state === 'done'),
  })
  const walk = async (work: (step: DestinationCheckStep['name']) => Promise<void>) => {
    for (const step of steps) {
      const failed = steps.some(({ state }) => state === 'failed')
      const written = steps.some(({ name, state }) => name === 'write' && state === 'done')
      if (failed && !(step.name === 'delete' && written)) {
        step.state = 'not-run'
        continue
      }
      const began = performance.now()
      step.state = 'running'
      onProgress(told())
      try {
        await work(step.name)
        step.state = 'done'
      } catch (thrown) {
        signal.throwIfAborted()
        step.state = 'failed'
        step.error = toErrorData(thrown)
      }
      step.ms = performance.now() - began
      onProgress(told())
    }
  }

  let destination: Destination | undefined
  // At the root: where folders are real, an empty one would stay.
  const name = `quayside-check-${randomBytes(8).toString('hex')}.probe`
  const content = randomBytes(1024)
  const acts = {
    write: async () => {
      destination = await open()
      await destination.put(name, Readable.from([content]), { signal, exclusive: true })
    },
    read: async () => {
      const parts: Buffer[] = []
      for await (const part of (await opened().get(name, { signal })) as AsyncIterable<Buffer>)
        parts.push(part)
      if (!Buffer.concat(parts).equals(content)) throw differs()
    },
    list: async () => {
      let listed = false
      // From the top to the end, as a look for backups does: what stands in its way shows here.
      for await (const found of opened().list('', { signal }))
        if (found.name === name && found.bytes === content.length) listed = true
      if (!listed) throw notListed()
    },
    delete: async () => {
      await opened().remove(name, { signal })
      if ((await opened().stat(name, { signal })) !== null) throw stillThere()
    },
  }
  const opened = (): Destination => {
    if (destination === undefined) throw new Error('the destination is not open')
    return destination
  }
  try {
    await walk((step) => acts[step]())
    return told()
  } finally {
    // Cancelled in between: the object goes all the same.
    if (signal.aborted && destination !== undefined)
      await destination.remove(name, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
    await destination?.close()
  }
}

const failed = (message: string, hint: string): QuaysideError =>
  new QuaysideError('destination_failed', message, { hint })

function differs(): QuaysideError {
  return failed('What was read back is not what was written.', 'Choose another destination.')
}

function notListed(): QuaysideError {
  return failed(
    'The object that was written is not in the list.',
    'Check whether the credentials may list everything in it.',
  )
}

function stillThere(): QuaysideError {
  return failed(
    'The object is still there after it was deleted.',
    'Backups that are due to go would stay. Check the right to delete, and rules that keep objects.',
  )
}
