import { runningLab, type HostContext, type LabContext } from '../context.ts'
import type { Instance } from '../instance.ts'
import { withLock } from '../lock.ts'
import { plugCable, pullCable } from './cable.ts'
import { fillDisk, freeDisk } from './disk.ts'
import { killDocker, restartDocker, startDocker, stopDocker } from './docker.ts'
import { newHostKey, restoreHostKey } from './host-key.ts'
import { forgetImage } from './image.ts'
import { startKeychain, stopKeychain } from './keychain.ts'
import { changeNetwork, restoreNetwork } from './network.ts'
import { freePort, heldPorts, holdPort } from './port.ts'
import { cut, setWeather } from './proxy.ts'
import { hideSocket, showSocket } from './socket.ts'
import { startRegistry, stopRegistry } from './registry.ts'
import { resetSshd, setSshd, startSshdAgain, stopSshd } from './sshd.ts'

export type Faults = ReturnType<typeof createFaults>

/** What can be made to go wrong; each answers once it has. Hosts by name; an unknown one is an error. */
export function createFaults(instance: Instance) {
  // One at a time, and never beside an `up`: they write the same state.
  const inLab = <Result>(work: (lab: LabContext) => Promise<Result>) =>
    withLock(instance.lockFile, () => work(runningLab(instance)))
  const on = <Result>(name: string, work: (host: HostContext) => Promise<Result>) =>
    inLab((lab) => work(lab.host(name)))

  return {
    /** The host's network cable: what is sent gets lost, and nobody says so. */
    cable: {
      pull: (host: string) => on(host, pullCable),
      plug: (host: string) => on(host, plugCable),
    },
    /** The laptop's own network: its address on the way to all hosts. */
    network: {
      change: () => inLab(changeNetwork),
      restore: () => inLab(restoreNetwork),
    },
    /** The network between laptop and host, for connections to the host's `proxy` address. */
    proxy: {
      /** Milliseconds, in each direction. */
      delay: (host: string, ms: number) => on(host, (h) => setWeather(h, { delay: ms })),
      /** Bytes per second, in each direction of each connection. */
      rate: (host: string, bytesPerSecond: number) =>
        on(host, (h) => setWeather(h, { rate: bytesPerSecond })),
      /** No byte passes any more; connections stay, new ones are accepted. */
      stall: (host: string) => on(host, (h) => setWeather(h, { stalled: true })),
      /** Resets all connections; with `refuse` new ones are refused too. */
      cut: (host: string, { refuse = false }: { refuse?: boolean } = {}) =>
        on(host, (h) => cut(h, { refuse })),
      clear: (host: string) => on(host, (h) => setWeather(h, {})),
    },
    /** The engine of a host, or `local`. */
    docker: {
      stop: (host: string) => inLab((lab) => stopDocker(lab, host)),
      start: (host: string) => inLab((lab) => startDocker(lab, host)),
      kill: (host: string) => inLab((lab) => killDocker(lab, host)),
      restart: (host: string) => inLab((lab) => restartDocker(lab, host)),
    },
    /** The disk that holds Docker's data. */
    disk: {
      fill: (host: string, spareBytes?: number) => on(host, (h) => fillDisk(h, spareBytes)),
      free: (host: string) => on(host, freeDisk),
    },
    /** Both answer with the fingerprint that the host shows from now on. */
    hostkey: {
      new: (host: string) => on(host, newHostKey),
      restore: (host: string) => on(host, restoreHostKey),
    },
    /** Restarts leave sessions as they are; `stop` ends them. */
    sshd: {
      set: (host: string, lines: readonly string[]) => on(host, (h) => setSshd(h, lines)),
      reset: (host: string) => on(host, resetSshd),
      stop: (host: string) => on(host, stopSshd),
      start: (host: string) => on(host, startSshdAgain),
    },
    /** Removes an image, so that the next pull is a real one. */
    image: {
      forget: (host: string, image = 'postgres:15') =>
        inLab((lab) => forgetImage(lab, host, image)),
    },
    /** A foreign process that listens on a port of the host's loopback. */
    port: {
      hold: (host: string, port: number) => on(host, (h) => holdPort(h, port)),
      free: (host: string, port: number) => on(host, (h) => freePort(h, port)),
    },
    /** A host without Docker: its standard socket is not there. */
    socket: {
      hide: (host: string) => on(host, hideSocket),
      show: (host: string) => on(host, showSocket),
    },
    /** Where images are pulled from. */
    registry: {
      stop: () => inLab(stopRegistry),
      start: () => inLab(startRegistry),
    },
    /** The lab's keychain. */
    keychain: {
      stop: () => inLab(stopKeychain),
      start: () => inLab(startKeychain),
    },
    /** Mends everything, on all hosts; what runs in Docker stays. */
    clear: () => inLab(clearFaults),
  }
}

/** Mends everything. Cheap where nothing is broken. */
export async function clearFaults(lab: LabContext): Promise<void> {
  await startKeychain(lab)
  await restoreNetwork(lab)
  await startRegistry(lab)
  await startDocker(lab, 'local')
  await Promise.all(
    lab.hosts.map(async (host) => {
      await plugCable(host)
      await setWeather(host, {})
      for (const port of heldPorts(host)) await freePort(host, port)
      await freeDisk(host)
      await startDocker(lab, host.name)
      await showSocket(host)
      await restoreHostKey(host)
      await resetSshd(host)
    }),
  )
}
