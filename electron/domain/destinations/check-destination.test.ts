import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import { destinationKinds } from '../../destinations/index.ts'
import type { Destination } from '../../destinations/destination.ts'
import { neverAborted } from '../never-aborted.ts'
import { checkDestination } from './check-destination.ts'

it('fails where all that lies there can’t be listed, as a look for backups would', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-check-'))
  const [kind] = destinationKinds
  if (kind === undefined) throw new Error('there is no kind')
  const open = (): Promise<Destination> => {
    const destination = kind.open({ folder }, {}, { volumes: { at: () => expect.fail() } })
    const list: Destination['list'] = (prefix, options) => {
      if (prefix !== '') return destination.list(prefix, options)
      throw new QuaysideError('destination_denied', 'A folder of another user is in the way.')
    }
    return Promise.resolve({ ...destination, list })
  }
  const options = { checkId: '1', signal: neverAborted, onProgress: () => undefined }
  const { ok, steps } = await checkDestination(open, options)
  expect(ok).toBe(false)
  const states = steps.map(({ name, state, error }) => [name, error?.code ?? state])
  expect(states).toEqual([
    ['write', 'done'],
    ['read', 'done'],
    ['list', 'destination_denied'],
    ['delete', 'done'],
  ])
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})
