import { execFileSync } from 'node:child_process'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { backupRig, outcome, type BackupRig } from './backup-rig.ts'
import { freshName } from '../integration/docker-bench.ts'
import { expectDone } from './core-on-lab.ts'

// What goes wrong where the backup goes: a real file system that is full, a folder that is away.

// Mounting one takes root on Linux.
const canMount = process.platform === 'linux' && process.getuid?.() === 0
let root = ''
let rig: BackupRig

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'quayside-backup-disk-'))
  if (canMount) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=700', 'quayside-test', root])
  }
  rig = await backupRig(freshName('backup-disk'), { root })
}, 120_000)
afterEach(() => rig.on.lab.fault.clear())
afterAll(async () => {
  await rig.close()
  if (canMount) execFileSync('umount', [root])
  await rm(root, { recursive: true, force: true })
}, 120_000)

/** The same action, after it failed: now it succeeds. */
async function again(encrypt: boolean): Promise<void> {
  const next = await rig.start({ encrypt })
  await expectDone(rig.on.core, next.jobId)
  await rig.expectWhole(next)
}

describe.runIf(canMount)('the disk is full', () => {
  const size = (bytes: string): void => {
    execFileSync('mount', ['-o', `remount,size=${bytes}`, root])
  }
  const used = (): number =>
    Number(execFileSync('df', ['--output=used', '-B1', root]).toString().split('\n')[1])

  test.each([true, false])(
    'amid a dump, encrypted: %s: it says so, nothing stays',
    async (encrypt) => {
      size(String(used() + 1_000_000))
      const started = await rig.start({ encrypt })
      expect(await outcome(rig.on, started)).toEqual({
        ...{ state: 'failed', code: 'destination_full', step: 'dump' },
      })
      await rig.expectNothing(started)
      size('200m')
      await again(encrypt)
    },
  )
})

describe('the folder is away', () => {
  const away = (): string => `${rig.folder}-away`

  test('before the dump: it says so', async () => {
    await rename(rig.folder, away())
    const started = await rig.start()
    const { state, code, step } = await outcome(rig.on, started)
    expect({ state, step }).toEqual({ state: 'failed', step: 'look' })
    expect(code).toMatch(/^destination_/)
    await rename(away(), rig.folder)
    await rig.expectNothing(started)
    await again(false)
  })

  test('amid a dump, and for a moment: no false success', async () => {
    const happened = rig.whenUnderWay(() => rename(rig.folder, away()))
    const started = await rig.start()
    await happened
    // The undo waits for it too.
    setTimeout(() => void rename(away(), rig.folder), 4_000)
    const { state } = await outcome(rig.on, started)
    if (state === 'done') await rig.expectWhole(started)
    else await rig.expectNothing(started)
    await again(false)
  })
})
