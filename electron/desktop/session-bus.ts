import { connect, type Socket } from 'node:net'
import { decodeMessage, encodeMessage, type BusMessage } from './dbus-message.ts'

/** A connection to the desktop's message bus. */
export interface SessionBus {
  /** Calls a method and answers with the reply; rejects where it answers with an error. */
  call(message: Omit<BusMessage, 'type' | 'serial'>): Promise<BusMessage>
  /** Sends a message that no answer is expected to. */
  send(message: Omit<BusMessage, 'serial'>): void
  close(): void
}

export interface SessionBusDeps {
  env: NodeJS.ProcessEnv
  /** Told every signal and call that comes in. */
  onMessage: (message: BusMessage) => void
  onClose: () => void
}

/** Where the session's bus listens; undefined where there is none that we can reach. */
export function busPath(env: NodeJS.ProcessEnv): string | undefined {
  const address = env['DBUS_SESSION_BUS_ADDRESS']
  if (address === undefined) {
    const runtime = env['XDG_RUNTIME_DIR']
    return runtime === undefined ? undefined : `${runtime}/bus`
  }
  for (const one of address.split(';')) {
    const [, kind, name] = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(one) ?? []
    if (name !== undefined) return `${kind === 'abstract' ? '\0' : ''}${decodeURIComponent(name)}`
  }
  return undefined
}

/** Logs in to the session's bus. @throws Error where there is none. */
export async function connectSessionBus(deps: SessionBusDeps): Promise<SessionBus> {
  const path = busPath(deps.env)
  if (path === undefined) throw new Error('This session has no message bus.')
  const socket = connect(path)
  const waiting = new Map<number, PromiseWithResolversOf<BusMessage>>()
  let serial = 0
  let unread = Buffer.alloc(0)

  const receive = (message: BusMessage) => {
    const call = waiting.get(message.replySerial ?? 0)
    if (call === undefined) {
      if (message.type === 'signal' || message.type === 'call') deps.onMessage(message)
      return
    }
    waiting.delete(message.replySerial ?? 0)
    if (message.type === 'error') call.reject(new Error('The bus answers with an error.'))
    else call.resolve(message)
  }
  const read = (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk])
    try {
      for (let next = decodeMessage(unread); next !== undefined; next = decodeMessage(unread)) {
        unread = Buffer.from(next.rest)
        receive(next.message)
      }
    } catch (cause) {
      socket.destroy(new Error('The bus can’t be understood.', { cause }))
    }
  }

  await logIn(socket)
  socket.on('data', read)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    for (const call of waiting.values()) call.reject(new Error('The bus has gone.'))
    waiting.clear()
    deps.onClose()
  })
  const call: SessionBus['call'] = (message) =>
    new Promise((resolve, reject) => {
      serial += 1
      waiting.set(serial, { resolve, reject })
      socket.write(encodeMessage({ ...message, type: 'call', serial }))
    })
  const bus = 'org.freedesktop.DBus'
  await call({ destination: bus, path: '/org/freedesktop/DBus', interface: bus, member: 'Hello' })
  return {
    call,
    send: (message) => {
      serial += 1
      socket.write(encodeMessage({ ...message, serial }))
    },
    close: () => socket.destroy(),
  }
}

interface PromiseWithResolversOf<T> {
  resolve: (value: T) => void
  reject: (reason: Error) => void
}

/** As the user of this process: the bus compares it with who the socket says it is. */
async function logIn(socket: Socket): Promise<void> {
  const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')
  await new Promise<void>((resolve, reject) => {
    const answered = (chunk: Buffer) => {
      settle()
      if (chunk.toString().startsWith('OK ')) resolve()
      else reject(new Error('The bus refuses to talk.'))
    }
    const ended = () => failed(new Error('The bus hung up.'))
    const failed = (error: Error) => {
      settle()
      socket.destroy()
      reject(error)
    }
    const settle = () => socket.off('data', answered).off('error', failed).off('close', ended)
    socket.on('data', answered).on('error', failed).on('close', ended)
    socket.write(`\0AUTH EXTERNAL ${user}\r\n`)
  })
  socket.write('BEGIN\r\n')
}
