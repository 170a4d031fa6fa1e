// The two ends of the tunnel row, as programs of their own, so that neither shares a core's thread
// with what is measured: `node tunnel-ends.ts serve PORT` and `node tunnel-ends.ts ask`.
import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

const block = Buffer.alloc(256 * 1024, 'quayside')

/** A connection that begins with `N\n` gets N bytes; then all that comes is sent back. `stop` ends it. */
function serve(port: number): void {
  createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (first) => {
      const [asked = '', rest = ''] = first.toString().split('\n')
      if (asked === 'stop') process.exit(0)
      socket.on('data', (chunk) => socket.write(chunk))
      send(socket, Number(asked))
      if (rest !== '') socket.write(rest)
    })
  }).listen(port, '0.0.0.0')
}

function send(socket: Socket, bytes: number): void {
  let left = bytes
  const more = () => {
    while (left > 0 && socket.writable) {
      const part = left < block.length ? block.subarray(0, left) : block
      left -= part.length
      if (!socket.write(part)) return void socket.once('drain', more)
    }
  }
  more()
}

/** Answers each line `HOST PORT BYTES TRIPS` once so many bytes were read and bounced so often. */
function ask(): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [host = '', port, bytes, trips] = line.split(' ')
    const socket = connect({ host, port: Number(port), noDelay: true })
    let left = Number(bytes)
    let bounces = Number(trips)
    let ended = 'It ended before everything had come.'
    const step = () => {
      if (left > 0) return
      if (bounces === 0) {
        ended = 'done'
        socket.destroy()
      } else {
        bounces -= 1
        left = 1
        socket.write('x')
      }
    }
    socket.on('connect', () => {
      socket.write(`${left}\n`)
      step()
    })
    socket.on('data', (chunk) => {
      left -= chunk.length
      step()
    })
    socket.on('error', (error) => (ended = error.message))
    socket.on('close', () => console.log(ended))
  })
}

const [role, port] = process.argv.slice(2)
if (role === 'serve') serve(Number(port))
else ask()
