import { join } from 'node:path'
import type { AccountName } from './accounts.ts'
import type { HostContext, LabContext } from './context.ts'
import { engineOf } from './engines.ts'
import { keychainEnvironment } from './keychain.ts'
import { fingerprint, userKeys } from './keys.ts'
import { proxyAddress } from './proxy/proxy.ts'

/** How one gets in as a user: by a key (with its passphrase) or by a password. */
export type LabAccount = {
  readonly user: string
  readonly keyPath?: string
  readonly passphrase?: string
  readonly password?: string
}

export type LabHost = {
  readonly name: string
  readonly ssh: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly keyPath: string
    readonly hostKeyFingerprint: string
  }
  /** The same sshd through the proxy, where the faults of the network are. */
  readonly proxy: { readonly host: string; readonly port: number }
  readonly accounts: Readonly<Record<AccountName | 'rootEncrypted', LabAccount>>
  /** The engine's socket as a file of this machine. */
  readonly dockerSocket: string
}

/** What a program has to know to use the lab. */
export type LabDescription = {
  readonly hosts: readonly LabHost[]
  /** A Docker engine in this machine's own network, as a developer has it installed. */
  readonly local: { readonly dockerSocket: string }
  /** Where the hosts pull from; `postgres:15` is there. */
  readonly registry: { readonly host: string; readonly port: number; readonly url: string }
  /** The environment of a program that shall use the lab's keychain. */
  readonly env: Readonly<Record<string, string>>
}

export function describeLab(lab: LabContext): LabDescription {
  const { host, port } = lab.registry
  return {
    hosts: lab.hosts.map(describeHost),
    local: { dockerSocket: engineOf(lab, 'local').socket },
    registry: { host, port, url: `http://${host}:${port}` },
    env: { ...keychainEnvironment(lab), QUAYSIDE_LAB: lab.instance.id },
  }
}

function describeHost(host: HostContext): LabHost {
  const { plain, encrypted } = userKeys(host.lab)
  const { passphrase, password } = host.lab.state
  return {
    name: host.name,
    ssh: {
      host: host.address,
      port: 22,
      user: 'root',
      keyPath: plain,
      hostKeyFingerprint: fingerprint(join(host.folder, 'host_key')),
    },
    proxy: proxyAddress(host),
    accounts: {
      root: { user: 'root', keyPath: plain },
      rootEncrypted: { user: 'root', keyPath: encrypted, passphrase },
      deploy: { user: 'deploy', keyPath: plain },
      nodocker: { user: 'nodocker', keyPath: plain },
      sudoer: { user: 'sudoer', keyPath: plain },
      pass: { user: 'pass', password },
    },
    dockerSocket: host.socket,
  }
}
