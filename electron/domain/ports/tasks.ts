import type { Readable, Writable } from 'node:stream'
import type { Labels } from './containers.ts'

/** A short task on the host, in a container without network. */
export interface TaskSpec {
  name: string
  image: string
  /** The program and its arguments, in place of the image's own. */
  command: readonly string[]
  labels: Labels
  /**
   * A folder of the host, made where it is missing if `create` says so. `relabel` lets containers use
   * it, and all that is in it, where SELinux is enforced.
   */
  bind: { source: string; target: string; create: boolean; relabel?: boolean }
}

/** A task that much data goes through: root without its powers, nothing to write to but what is named. */
export interface StreamTaskSpec {
  /** From the job's id, so that a second try finds what the first one left. */
  name: string
  /** The id of an image that the host has. */
  image: string
  /** The program and its arguments, in place of the image's own; anyone on the host can read them. */
  command: readonly string[]
  labels: Labels
  /** The network of another container, so that 127.0.0.1 is its loopback; that of the host; or none. */
  network: { container: string } | 'host' | 'none'
  /** Folders in memory, for small secrets and pipes. */
  tmpfs: readonly string[]
  /** Null for no limit. */
  memoryBytes: number | null
  /** Where an unnamed volume is mounted that goes with the container; for what does not fit in memory. */
  scratch?: string | undefined
  /**
   * Volumes by their path inside the container; an absolute path is a folder that must be there. With
   * any, the task may read and write the files of every user.
   */
  volumes?: Readonly<Record<string, string>> | undefined
}

/** A running task. It goes on when the connection is lost, until it is killed or removed. */
export interface StreamTask {
  /** The container's id. */
  readonly id: string
  /**
   * Its input. Ended, the task sees the end; destroyed, it sees neither an end nor more. A write fails
   * with EPIPE once the task is over.
   */
  readonly stdin: Writable
  /**
   * Its output. Ends only after `exit` is known, whatever the code; fails where the connection or
   * Docker broke, or the exit can't be known. It has to be read, or the task waits.
   */
  readonly stdout: Readable
  /** What it said on its error output so far, 256 KiB at most: the middle of more is left out. */
  stderr(): string
  /**
   * Its exit code as Docker tells it. Waits for the task alone, not for `stdout` to be read.
   * @throws QuaysideError `host_lost`, `docker_down` where it can't be known or was stopped by another
   * than this task's `kill`, `docker_failed` where it was ended for want of memory or removed
   */
  readonly exit: Promise<number>
  /** Ends it at once; what is over is fine. Streams that are still open fail with `cancelled`. */
  kill(): Promise<void>
  /** Kills it if it runs; its scratch goes with it. */
  remove(): Promise<void>
}
