/** One SSH server on the way to a host, and how to log in there. */
export interface Target {
  /** The name in ssh config it was found by, null for an address as typed. */
  alias: string | null
  /** Name or IP address to connect to. */
  host: string
  port: number
  user: string
  /** The name it has in known_hosts, where that differs from the address (HostKeyAlias). */
  hostKeyAlias: string | null
  /** The user's and the system's known_hosts files, only read. */
  knownHostsFiles: string[]
  login: Login
  /** A command whose input and output are the connection, tokens expanded. */
  proxyCommand: string | null
  /** What ssh config says that only the system's `ssh` can follow: `keyword=value`. */
  sshOptions: readonly string[]
}

export interface Login {
  /** Socket of the SSH agent to ask, null for none. */
  agentSocket: string | null
  /** Offer only those of the agent's keys whose public half lies beside a key file. */
  identitiesOnly: boolean
  /** Private key files in the order to try. */
  keyFiles: string[]
  /** A key file named by the user must work; one from ssh config may be missing. */
  keyFilesRequired: boolean
  /** Ask for the password, by method password and keyboard-interactive. */
  password: boolean
  /** Password or passphrase, if one is stored or was typed. */
  secret: string | null
}

/** The servers to pass in order; the last is the host. */
export type Route = readonly [Target, ...Target[]]
