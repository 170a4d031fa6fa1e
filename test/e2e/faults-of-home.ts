import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openConnection } from '../../electron/adapters/sqlite/connection.ts'

const run = promisify(execFile)

/** A file system for a home of the app, which can really be filled. The lab's rights allow to mount one. */
export interface SmallDisk {
  readonly folder: string
  /** To the last byte, whatever its data file has put by for what it will write. */
  fill(): Promise<void>
  makeRoom(): Promise<void>
  remove(): Promise<void>
}

export async function openSmallDisk(): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'quayside-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=700', 'quayside-test', folder])
  const ballast = join(folder, 'ballast')
  return {
    folder,
    async fill() {
      const data = openData(folder)
      data.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      data.close()
      // As much as there is: how much that was, other writers have changed by the time it is known.
      await run('sh', ['-c', 'cat /dev/zero > "$0" || true', ballast])
    },
    makeRoom: () => rm(ballast),
    async remove() {
      await run('umount', [folder])
      await rm(folder, { recursive: true })
    },
  }
}

/** Holds the data of a home as another program that writes; returns the way to let go of it. */
export function holdData(home: string): () => void {
  const data = openData(home)
  data.exec('BEGIN IMMEDIATE')
  return () => {
    data.exec('ROLLBACK')
    data.close()
  }
}

function openData(home: string): ReturnType<typeof openConnection> {
  return openConnection({ file: join(home, 'quayside.sqlite'), busyMs: 5_000 })
}
