import type { Duplex } from 'node:stream'

/** Listens on 127.0.0.1 of this computer. */
export interface Loopback {
  /**
   * @param port 0 lets the system choose
   * @throws QuaysideError `tunnel_port_taken`
   */
  listen(port: number, onClient: (client: LoopbackClient) => void): Promise<LoopbackPort>
  /** Which programs the clients are, by the port each comes from; without those nothing is known of. */
  programs(clientPorts: ReadonlySet<number>): Promise<ReadonlyMap<number, LoopbackProgram>>
}

/** A program of this computer that has connected to one of our ports. */
export interface LoopbackClient {
  /** Either half can end by itself. */
  readonly stream: Duplex
  /** The port it comes from. */
  readonly port: number
  /** Bytes so far: from the program, and to it. */
  traffic(): { sent: number; received: number }
  /** Ends it in good order: what was written arrives, then the end. */
  end(): void
  /** Breaks it off, so that the program can't take it for a regular end. */
  reset(): void
}

export interface LoopbackProgram {
  pid: number
  name: string
}

export interface LoopbackPort {
  readonly port: number
  /** Ends every client and gives the port back. */
  close(): Promise<void>
}
