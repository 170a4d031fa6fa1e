import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exits, onlyWith, root, scripts } from './host-volume-scripts.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quayside-scripts-'))
  chmodSync(folder, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a script as it runs on a host, in a folder here and as a user to whom folders can be closed. */
function run(script: string, ...words: string[]) {
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const here = script.replaceAll(root, folder)
  return spawnSync('/bin/sh', ['-c', here, 'sh', ...words], { ...nobody, encoding: 'utf8' })
}

it('a closed folder that no name of ours leads into stops neither a list nor a sweep', () => {
  for (const closed of ['lost+found', '.Trashes']) {
    mkdirSync(join(folder, closed))
    chmodSync(join(folder, closed), 0)
  }
  mkdirSync(join(folder, 'shop.0123abcd'))
  writeFileSync(join(folder, 'shop.0123abcd', 'a.dump'), 'dump')
  writeFileSync(join(folder, 'shop.0123abcd', '.b.dump.0123abcd.part'), 'half')
  const listed = run(scripts.list, '.')
  expect(listed.stderr).toBe('')
  expect(listed.status).toBe(0)
  expect(listed.stdout).toMatch(/^4 \d+ \.\/shop\.0123abcd\/a\.dump\nend\n$/)
  expect(run(scripts.sweep, '60')).toMatchObject({ status: 0, stdout: '0\n', stderr: '' })
})

it('nothing runs in a marked folder without its marker', () => {
  const script = `${onlyWith('marker.txt')}echo ran`
  expect(run(script)).toMatchObject({ status: exits.notMarked, stdout: '' })
  writeFileSync(join(folder, 'marker.txt'), '')
  expect(run(script)).toMatchObject({ status: 0, stdout: 'ran\n' })
})
