import type { Readable } from 'node:stream'

/** Dumps as files of this computer. Paths are absolute; what fails is said as a QuaysideError. */
export interface DumpFiles {
  /** Bytes. @throws QuaysideError `not_found`, `invalid_input` */
  size(path: string): Promise<number>
  read(path: string): Readable
  /** @throws QuaysideError `name_taken` where something has that name, `not_found` without its folder */
  refuseTaken(path: string): Promise<void>
  /**
   * The file is there once all of the content is in it, or not at all; nothing is overwritten.
   * @throws QuaysideError `name_taken`, `disk_full`; what the content failed with, as it is
   */
  write(path: string, content: Readable, signal: AbortSignal): Promise<{ bytes: number }>
  /** Takes away what a killed write has left. */
  removePart(path: string): Promise<void>
  /** A path of our own for what a job keeps meanwhile; its folder is there. */
  temporary(name: string): Promise<string>
  /** Takes away a temporary file, and what a killed write of it has left. */
  removeTemporary(name: string): Promise<void>
}
