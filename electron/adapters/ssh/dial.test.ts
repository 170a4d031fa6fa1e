import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { connectTcp } from './dial.ts'
import { handshake } from './handshake.ts'
import { someTarget } from './target-fixture.ts'

it('a connection that is reset before anyone speaks on it ends nothing but the login', async () => {
  const server = createServer((socket) => {
    setTimeout(() => socket.resetAndDestroy(), 50)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  if (at === null || typeof at === 'string') throw new Error('it has no port')
  const target = someTarget({ host: '127.0.0.1', port: at.port })
  const { signal } = new AbortController()
  try {
    const socket = await connectTcp(target, [{ address: '127.0.0.1', family: 4 }], signal)
    // As long as ssh2 may take to be loaded. An error that nobody hears fails the whole run.
    while (!socket.destroyed) await sleep(5)
    const verify = () => Promise.reject(new Error('no key was shown'))
    await expect(
      handshake({ socket, target, knownTypes: [], verify, signal }),
    ).rejects.toMatchObject({ code: 'host_unreachable' })
  } finally {
    server.close()
  }
})
