import { join } from 'node:path'
import { connect } from 'node:net'
import type { HostContext, LabContext } from '../context.ts'
import { LabError } from '../lab-error.ts'
import { startDetached, waitUntil } from '../processes.ts'
import { fine, type Order } from './weather.ts'

/** Starts the proxy where it does not run, and has it serve all hosts in fine weather. */
export async function ensureProxy(lab: LabContext): Promise<void> {
  if (!lab.running('proxy')) {
    const logFile = join(lab.instance.folder, 'proxy.log')
    const program = join(import.meta.dirname, 'main.ts')
    const record = await startDetached({
      command: [process.execPath, program, controlSocket(lab)],
      labId: lab.instance.id,
      logFile,
    })
    lab.remember('proxy', record)
    const listens = () =>
      reach(lab).then(
        (socket) => Boolean(socket.destroy()),
        () => false,
      )
    if (!(await waitUntil(listens, { patience: 10_000 }))) {
      throw new LabError(`The proxy does not answer: see ${logFile}`)
    }
  }
  for (const host of lab.hosts) {
    const { name, proxyPort: port, address } = host
    await tellProxy(lab, { do: 'serve', host: name, port, target: { host: address, port: 22 } })
    await tellProxy(lab, { do: 'weather', host: name, weather: fine })
  }
}

/** Gives the proxy an order and waits until it is carried out. */
export async function tellProxy(lab: LabContext, order: Order): Promise<void> {
  const socket = await reach(lab)
  const answer = await new Promise<string>((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.endsWith('\n')) resolve(String(JSON.parse(text)))
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new LabError('The proxy ended.')))
    socket.write(`${JSON.stringify(order)}\n`)
  })
  socket.destroy()
  if (answer !== 'ok') throw new LabError(answer)
}

/** Where a program on the laptop reaches the host through the weather. */
export function proxyAddress(host: HostContext): { host: string; port: number } {
  return { host: '127.0.0.1', port: host.proxyPort }
}

function controlSocket(lab: LabContext): string {
  return join(lab.instance.folder, 'proxy.sock')
}

function reach(lab: LabContext): Promise<ReturnType<typeof connect>> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlSocket(lab))
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}
