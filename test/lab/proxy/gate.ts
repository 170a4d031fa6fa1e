import { connect, createServer, type Server, type Socket } from 'node:net'
import { createLane } from './lane.ts'
import { fine, type Weather } from './weather.ts'

/** The way to one host: a port of the loopback in front of its sshd. */
export type Gate = {
  setTarget(target: Address): void
  setWeather(weather: Weather): Promise<void>
  cut(): void
}

type Address = { readonly host: string; readonly port: number }

/** Opens the port. Rejects where it is taken. */
export async function openGate(port: number, first: Address): Promise<Gate> {
  let target = first
  let weather = fine
  let server: Server | undefined
  const connections = new Set<{ wake(): void; cut(): void }>()

  const accept = (client: Socket) => {
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true })
    client.setNoDelay(true)
    const there = join(client, upstream, () => weather)
    const back = join(upstream, client, () => weather)
    const connection = {
      wake() {
        there.wake()
        back.wake()
      },
      cut() {
        client.resetAndDestroy()
        upstream.resetAndDestroy()
      },
    }
    connections.add(connection)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      // An end by error is passed on as a reset; the reason is the peer's.
      socket.on('error', () => other.resetAndDestroy())
      socket.on('close', () => connections.delete(connection))
    }
  }
  const open = async () => {
    server ??= await listen(port, accept)
  }
  await open()

  return {
    setTarget(next) {
      target = next
    },
    async setWeather(next) {
      weather = next
      if (next.refusing) {
        server?.close()
        server = undefined
      } else {
        await open()
      }
      for (const connection of connections) connection.wake()
    },
    cut() {
      for (const connection of connections) connection.cut()
    },
  }
}

function join(from: Socket, to: Socket, weather: () => Weather) {
  let full = false
  const flow = () => {
    if (full || to.writableNeedDrain) from.pause()
    else from.resume()
  }
  const lane = createLane({
    weather,
    write(data) {
      to.write(data)
      flow()
    },
    finish: () => to.end(),
    backpressure(now) {
      full = now
      flow()
    },
  })
  from.on('data', (data: Buffer) => lane.push(data))
  from.on('end', () => lane.end())
  to.on('drain', flow)
  to.on('close', () => lane.close())
  return lane
}

function listen(port: number, accept: (client: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, accept)
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
