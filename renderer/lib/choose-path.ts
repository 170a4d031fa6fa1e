import type { FileChoice } from '../../shared/contract/files.ts'
import { call } from './call.ts'

/** Asks for a place on this computer by the system's dialog; null where the user decided against it. */
export async function choosePath(choice: FileChoice): Promise<string | null> {
  const { path } = await call('files.choose', choice)
  return path
}
