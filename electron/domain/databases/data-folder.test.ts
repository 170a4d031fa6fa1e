import { expect, it } from 'vitest'
import { someDatabase, someHost } from '../../adapters/sqlite/fixtures.ts'
import type { TaskSpec } from '../ports.ts'
import { makeFolder } from './data-folder.ts'

// In place of a Docker on a host with SELinux, which no lab has; that a folder is made is tested over
// the lab.
it.each([true, false])(
  'relabels the folder of the database alone, if at all: %s',
  async (selinux) => {
    const record = someDatabase(someHost(), { volumeName: '/srv/databases/shop-staging-stonedb' })
    const ran: TaskSpec['bind'][] = []
    const docker = {
      ensureImage: () => Promise.resolve({ id: 'x', pulled: false }),
      runOnce: ({ bind }: TaskSpec) => {
        ran.push(bind)
        return Promise.resolve({ exitCode: 0, output: '' })
      },
      info: () =>
        Promise.resolve({
          serverVersion: '1',
          operatingSystem: 'x',
          cpus: 1,
          memoryBytes: 1,
          dataRoot: '/x',
          storageDriver: null,
          selinux,
        }),
    }
    await makeFolder(docker, record, '/var/lib/stonedb', AbortSignal.timeout(1_000))
    const target = '/quayside'
    expect(ran).toEqual([
      { source: '/srv/databases', target, create: true },
      ...(selinux ? [{ source: record.volumeName, target, create: false, relabel: true }] : []),
    ])
  },
)
