// The program between the laptop and the hosts: `node proxy/main.ts CONTROL_SOCKET`.
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { openGate, type Gate } from './gate.ts'
import { order, type Order } from './weather.ts'

const gates = new Map<string, Gate>()

async function obey(said: Order): Promise<void> {
  const gate = gates.get(said.host)
  if (said.do === 'serve') {
    if (gate) gate.setTarget(said.target)
    else gates.set(said.host, await openGate(said.port, said.target))
    return
  }
  if (!gate) throw new Error(`The proxy does not know ${said.host}.`)
  if (said.do === 'cut') gate.cut()
  else await gate.setWeather(said.weather)
}

const [socketPath] = process.argv.slice(2)
if (socketPath === undefined) throw new Error('usage: main.ts CONTROL_SOCKET')
rmSync(socketPath, { force: true })
createServer((control) => {
  // Who asks may go before the answer.
  control.on('error', () => control.destroy())
  createInterface(control).on('line', (line) => {
    const answer = (text: string) => control.write(`${JSON.stringify(text)}\n`)
    new Promise<void>((resolve) => resolve(obey(order.parse(JSON.parse(line))))).then(
      () => answer('ok'),
      (error: unknown) => answer(String(error)),
    )
  })
}).listen(socketPath)
