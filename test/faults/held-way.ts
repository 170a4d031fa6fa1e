import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server on which it can be waited for the middle of something. */
export interface HeldWay {
  port: number
  /**
   * From now on a connection stands still once so many bytes have come back on it.
   * @returns resolves as the first one does
   */
  holdAt(bytes: number): Promise<void>
  release(): void
  close(): Promise<void>
}

/** Listens on an address of this computer and passes on what comes. */
export async function openHeldWay(
  address: string,
  to: { host: string; port: number },
): Promise<HeldWay> {
  const open = new Set<Socket>()
  const held = new Set<Socket>()
  let limit = Number.POSITIVE_INFINITY
  let onHeld: () => void = () => undefined
  const server = createServer((near) => {
    const far = connect(to)
    let came = 0
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(end)
      // Whatever ends the one ends the other; why is not of interest here.
      end.on('error', () => undefined)
      end.on('close', () => {
        open.delete(end)
        held.delete(end)
        other.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (piece) => {
      came += piece.length
      const full = !near.write(piece)
      if (came > limit) {
        far.pause()
        held.add(far)
        onHeld()
      } else if (full) {
        far.pause()
        near.once('drain', () => held.has(far) || far.resume())
      }
    })
  })
  server.listen(0, address)
  await once(server, 'listening')
  const at = server.address()
  if (at === null || typeof at === 'string') throw new Error('it has no port')
  return {
    port: at.port,
    holdAt: (bytes) =>
      new Promise((resolve) => {
        limit = bytes
        onHeld = resolve
      }),
    release: () => {
      limit = Number.POSITIVE_INFINITY
      for (const far of held) far.resume()
      held.clear()
    },
    close: async () => {
      for (const end of open) end.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
