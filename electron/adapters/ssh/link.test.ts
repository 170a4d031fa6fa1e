import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import { expect, it, vi } from 'vitest'
import { createLink } from './link.ts'

/** A link over a connection whose commands stay open until they are ended. */
function linkOverNothing() {
  const channels: ClientChannel[] = []
  const exec = (_command: string, done: (error: undefined, channel: ClientChannel) => void) => {
    const stream = Object.assign(new PassThrough(), {
      stderr: new PassThrough(),
      close: () => undefined,
    }) as unknown as ClientChannel
    channels.push(stream)
    done(undefined, stream)
  }
  const client = Object.assign(new EventEmitter(), { exec }) as unknown as Client
  return { link: createLink(client, new PassThrough(), 'harbour'), channels }
}

it('a link that lives for days keeps nothing of the sessions that are over', async () => {
  const { link, channels } = linkOverNothing()
  const waitForItsEnd = vi.spyOn(link.lost, 'then')
  for (let session = 0; session < 100; session += 1) {
    const ended = link.run('true')
    await setImmediate()
    channels[session]?.emit('exit', 0)
    channels[session]?.emit('close')
    await ended
  }
  expect(waitForItsEnd).not.toHaveBeenCalled()
})

it('who waits for a session is told at once that the link is lost, whatever its channels say', async () => {
  const { link, channels } = linkOverNothing()
  for (let session = 0; session < 4; session += 1) await link.openCommand('cat')
  const waiting = link.openCommand('cat')
  link.fail(new Error('It is gone.'))
  await expect(waiting).rejects.toMatchObject({ code: 'host_lost' })
  expect(channels).toHaveLength(4)
})
