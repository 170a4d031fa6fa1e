import type { HostConnection } from './contract/hosts.ts'

/** The address that people know a host by: its own, its name in ssh config, or this computer. */
export function hostAddress(host: { connection: HostConnection }): string {
  const { connection } = host
  switch (connection.kind) {
    case 'ssh':
      return connection.address
    case 'ssh-config':
      return connection.alias
    case 'local':
      return 'localhost'
  }
}
