// Forwards of a local port with none of our code in them, for what Node and ssh2 cost by themselves:
// `node bare-forward.ts ssh2 PORT ADDRESS SSHPORT USER KEYFILE` by ssh2 as its guide has it, and
// `node bare-forward.ts tcp PORT ADDRESS` without SSH. Prints the local port.
import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Client } from 'ssh2'

function listen(onClient: (socket: Socket) => void): void {
  const server = createServer({ noDelay: true }, onClient)
  server.listen(0, '127.0.0.1', () => {
    console.log((server.address() as AddressInfo).port)
  })
}

function join(socket: Socket, remote: Duplex): void {
  socket.on('error', () => remote.destroy())
  remote.on('error', () => socket.destroy())
  socket.pipe(remote).pipe(socket)
}

const [role, port, host, sshPort, username, keyFile = ''] = process.argv.slice(2)
if (role === 'tcp') {
  listen((socket) => {
    join(socket, connect({ host: host ?? '', port: Number(port), noDelay: true }))
  })
} else {
  const client = new Client()
  client.on('ready', () => {
    client.setNoDelay(true)
    listen((socket) => {
      client.forwardOut('127.0.0.1', 0, '127.0.0.1', Number(port), (error, channel) => {
        if (error) socket.destroy()
        else join(socket, channel)
      })
    })
  })
  const privateKey = readFileSync(keyFile)
  client.connect({ host: host ?? '', port: Number(sshPort), username: username ?? '', privateKey })
}
