import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import type { LoopbackProgram } from '../../domain/ports.ts'

/** `127.0.0.1` as the kernel's table writes it. */
const loopback = '0100007F'
const established = '01'

/**
 * The programs that hold the given ends of loopback connections, by port. Linux tells it for
 * processes of the same user; elsewhere, and for other users' programs, nothing is known.
 */
export async function findPrograms(
  ports: ReadonlySet<number>,
): Promise<ReadonlyMap<number, LoopbackProgram>> {
  const found = new Map<number, LoopbackProgram>()
  if (process.platform !== 'linux' || ports.size === 0) return found
  const wanted = await socketsOf(ports)
  // The newest first: a program that has just connected has often just been started.
  const pids = (await entries('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  for (const pid of pids.toSorted((a, b) => b - a)) {
    if (wanted.size === 0) break
    if (pid === process.pid) continue
    for (const socket of await openSockets(pid)) {
      const port = wanted.get(socket)
      if (port === undefined) continue
      wanted.delete(socket)
      const name = await nameOf(pid)
      if (name !== null) found.set(port, { pid, name })
    }
  }
  return found
}

/** The kernel's names of the sockets, `socket:[123]`, with the port of each. */
async function socketsOf(ports: ReadonlySet<number>): Promise<Map<string, number>> {
  const sockets = new Map<string, number>()
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => '')
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    const [address, hexPort = ''] = local.split(':')
    const port = Number.parseInt(hexPort, 16)
    if (address === loopback && state === established && ports.has(port) && inode !== undefined) {
      sockets.set(`socket:[${inode}]`, port)
    }
  }
  return sockets
}

async function openSockets(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const targets = await Promise.all(
    (await entries(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
  )
  return targets.filter((target) => target.startsWith('socket:'))
}

async function nameOf(pid: number): Promise<string | null> {
  const file = await readlink(`/proc/${pid}/exe`).catch(() => null)
  return file === null ? null : basename(file).replace(/ \(deleted\)$/, '')
}

/** Empty where it may not be read, or is gone by now. */
function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
