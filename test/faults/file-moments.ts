import type { PathLike } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'

/** What a call has moved. */
interface Moved {
  bytesRead?: number
  bytesWritten?: number
}

/**
 * Tells what this program does with the files of backups, on the way to the disk: `make` as a part file
 * comes to be, `write` and `read` with the bytes so far, `whole` as all of it is written and not yet
 * safe, `name` as it is to get its name, `named` with both names there. Each with what it is of: the
 * `dump`, the `roles`, the `manifest`, the `keys`.
 */
export function watchFiles(tell: (moment: string, bytes?: number) => void): void {
  const { open } = fs
  const naming =
    (give: typeof fs.link | typeof fs.rename) => async (from: PathLike, to: PathLike) => {
      const of = kindOf(String(to))
      tell(`name ${of}`)
      await give(from, to)
      tell(`named ${of}`)
    }
  const watched: Pick<typeof fs, 'open' | 'link' | 'rename'> = {
    link: naming(fs.link),
    rename: naming(fs.rename),
    open: async (path, flags, mode) => {
      const handle = await open(path, flags, mode)
      const of = kindOf(String(path))
      if (of === null) return handle
      if (flags === 'wx') tell(`make ${of}`)
      const counted = (what: 'read' | 'write') => {
        const act = handle[what].bind(handle) as (...given: unknown[]) => Promise<Moved>
        let bytes = 0
        return async (...given: unknown[]): Promise<Moved> => {
          const moved = await act(...given)
          bytes += moved.bytesRead ?? moved.bytesWritten ?? 0
          tell(`${what} ${of}`, bytes)
          return moved
        }
      }
      const sync = handle.sync.bind(handle)
      return Object.assign(handle, {
        read: counted('read'),
        write: counted('write'),
        sync: async () => {
          tell(`whole ${of}`)
          await sync()
        },
      })
    },
  }
  Object.assign(fs, watched)
  syncBuiltinESMExports()
}

function kindOf(path: string): string | null {
  const name = basename(path)
  if (/\.manifest\.json/.test(name)) return 'manifest'
  if (/\.roles\./.test(name)) return 'roles'
  if (/quayside-keys/.test(name)) return 'keys'
  return /\.dump/.test(name) ? 'dump' : null
}
