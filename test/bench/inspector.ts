import * as z from 'zod'

/** The page of an app, over Chromium's own protocol: no driver stands between. */
export interface Inspector {
  send(method: string, params: object): Promise<unknown>
  close(): void
}

const message = z.object({
  id: z.int().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})
const created = z.object({
  targetInfo: z.object({ targetId: z.string(), type: z.string() }),
})
const attached = z.object({ sessionId: z.string() })

/** A page that is not there by then does not come, milliseconds. */
const patienceMs = 60_000

/** Attaches to the first page as soon as there is one. */
export async function openInspector(address: string): Promise<Inspector> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const session: { sessionId?: string } = {}
  let last = 0

  const send = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, { resolve, reject })
      socket.send(JSON.stringify({ id, method, params, ...session }))
    })
  const lose = () => {
    for (const { reject } of waiting.values()) reject(new Error('The app is gone.'))
    waiting.clear()
  }
  const page = new Promise<string>((resolve, reject) => {
    setTimeout(() => reject(new Error('The app opens no page.')), patienceMs).unref()
    socket.addEventListener('close', () => {
      lose()
      reject(new Error('The app has gone before it opened a page.'))
    })
    socket.addEventListener('message', ({ data }) => {
      const { id, method, params, result, error } = message.parse(JSON.parse(String(data)))
      if (method === 'Target.targetCreated') {
        const { targetInfo } = created.parse(params)
        if (targetInfo.type === 'page') resolve(targetInfo.targetId)
      }
      const asked = waiting.get(id ?? -1)
      waiting.delete(id ?? -1)
      if (error === undefined) asked?.resolve(result)
      else asked?.reject(new Error(error.message))
    })
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('The app cannot be looked into.')))
  })
  await send('Target.setDiscoverTargets', { discover: true })
  const target = { targetId: await page, flatten: true }
  session.sessionId = attached.parse(await send('Target.attachToTarget', target)).sessionId
  // Counted in the thread's own time: what else the machine does is no part of it.
  await send('Performance.enable', { timeDomain: 'threadTicks' })
  return { send, close: () => socket.close() }
}
