import type { Target } from './target.ts'

/** A server that nothing is known of but its name, and no way to log in to it; for tests. */
export function someTarget(more: Partial<Target>): Target {
  return {
    alias: null,
    host: 'harbour.example',
    port: 22,
    user: 'ada',
    hostKeyAlias: null,
    knownHostsFiles: [],
    login: {
      agentSocket: null,
      identitiesOnly: false,
      keyFiles: [],
      keyFilesRequired: false,
      password: false,
      secret: null,
    },
    proxyCommand: null,
    sshOptions: [],
    ...more,
  }
}
