// A foreign program on a host: it listens on a port of the loopback and says nothing.
import { createServer } from 'node:net'

const port = Number(process.argv[2])
createServer((socket) => socket.on('error', () => socket.destroy()).resume()).listen(
  port,
  '127.0.0.1',
)
