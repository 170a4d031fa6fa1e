import type { Readable } from 'node:stream'
import type { JobId } from '../../../shared/contract/jobs.ts'

/** A file that a job makes: jobs that are given the same name do not write into one another's. */
export interface FileOfJob {
  path: string
  jobId: JobId
}

/** Dumps as files of this computer. Paths are absolute; what fails is said as a QuaysideError. */
export interface DumpFiles {
  /** Bytes. @throws QuaysideError `not_found`, `invalid_input` */
  size(path: string): Promise<number>
  read(path: string): Readable
  /** @throws QuaysideError `name_taken` where something has that name, `not_found` without its folder */
  refuseTaken(path: string): Promise<void>
  /**
   * Writes what is to be a file of this name, to the disk and under a name of ours beside it.
   * @throws QuaysideError `disk_full`; what the content failed with, as it is
   */
  writePart(file: FileOfJob, content: Readable, signal: AbortSignal): Promise<{ bytes: number }>
  /**
   * Gives what was written so its name, at once and whole; nothing is overwritten. Said again, it finds
   * that it has been done.
   * @param bytes what was written
   * @throws QuaysideError `name_taken` where something else has the name
   */
  publish(file: FileOfJob, bytes: number): Promise<void>
  /** Takes away what was written and has no name yet. */
  removePart(file: FileOfJob): Promise<void>
  /** A path of our own for what a job keeps meanwhile; its folder is there. */
  temporary(jobId: JobId): Promise<string>
  /** Takes away a temporary file, and what a killed write of it has left. */
  removeTemporary(jobId: JobId): Promise<void>
}
