import { Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'

/** The address of this computer that a connection goes out from; null where another one carries it. */
export function ownAddressOf(connection: Duplex): string | null {
  return connection instanceof Socket ? (connection.localAddress ?? null) : null
}

/** False once this computer has lost the address: nothing reaches a connection from it any more. */
export function hasAddress(address: string): boolean {
  const bare = address.replace(/^::ffff:/, '').replace(/%.*$/, '')
  // All of 127.0.0.0/8 is always there.
  if (bare.startsWith('127.')) return true
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === bare))
}
