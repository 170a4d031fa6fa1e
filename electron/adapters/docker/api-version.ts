import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'

/** Docker 19.03, the oldest one that has what Quayside uses. */
const oldestApi = '1.40'
/** The newest API that Quayside was written for; a newer engine is spoken to in this one. */
const newestApi = '1.47'

/** What an engine says of itself. */
export const versionSchema = z
  .object({ Version: z.string(), ApiVersion: z.string(), Os: z.string(), Arch: z.string() })
  .loose()

/**
 * The version of the API to speak with an engine: its own or ours, whichever is older.
 * @throws QuaysideError `docker_too_old`
 */
export function agreeOn(engine: z.infer<typeof versionSchema>): string {
  const { ApiVersion: api, Version: version } = engine
  if (isOlder(api, oldestApi)) {
    throw new QuaysideError('docker_too_old', `Docker ${version} is too old.`, {
      hint: 'Quayside needs Docker 19.03 or newer. Update Docker on the host.',
      detail: `API ${api}, needed ${oldestApi}`,
      facts: { version },
    })
  }
  return isOlder(api, newestApi) ? api : newestApi
}

/** Compares `1.41` with `1.40` by its parts, since 1.9 is older than 1.40. */
function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = than.split('.').map(Number)
  return major < otherMajor || (major === otherMajor && minor < otherMinor)
}
