import { describe, expect, it } from 'vitest'
import type { InstallStep } from '../../../shared/contract/hosts.ts'
import { failureOf, isLocked } from './install-output.ts'

const step = (name: InstallStep['name']): InstallStep => ({
  name,
  title: 'Install docker.io',
  command: 'apt-get …',
  changes: '',
})
const locked = `E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)
E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?`

// The words are those of apt and dpkg with LC_ALL=C.
describe('what apt says', () => {
  it('is content with a source that fails beside one that answers', () => {
    const output = 'Hit:1 http://mirror.example/debian bookworm InRelease\nErr:2 https://x noble'
    expect(failureOf(step('update'), 0, output, 'ams-1')).toBeNull()
  })

  it('is not content where no source answers, though apt ends well', () => {
    const output = 'Err:1 http://mirror.example/debian bookworm InRelease\n  Could not connect'
    expect(failureOf(step('update'), 0, output, 'ams-1')).toMatchObject({
      code: 'install_failed',
      message: 'ams-1 can’t reach its package mirrors.',
    })
  })

  it('tells a lock that passes from a failure', () => {
    expect(isLocked(100, locked)).toBe(true)
    expect(isLocked(0, locked)).toBe(false)
    expect(isLocked(100, 'E: Unable to locate package docker.io')).toBe(false)
  })

  it.each([
    ['install', locked, 'Another installation is at work on ams-1.'],
    [
      'install',
      "E: dpkg was interrupted, you must manually run 'sudo dpkg --configure -a'",
      'An earlier installation on ams-1 was interrupted.',
    ],
    [
      'install',
      'E: Failed to fetch http://x/docker.io.deb',
      'ams-1 can’t reach its package mirrors.',
    ],
    [
      'install',
      'E: Unable to locate package docker.io',
      'The package sources of ams-1 have no docker.io.',
    ],
    [
      'install',
      'E: Packages need to be removed but remove is disabled.',
      'Other packages on ams-1 are in the way of docker.io.',
    ],
    ['install', 'dpkg: error: No space left on device', 'The disk of ams-1 is full.'],
    ['start', 'Job for docker.service failed', 'Docker is installed on ams-1 but does not start.'],
    ['group', 'usermod: cannot lock', '“Install docker.io” failed on ams-1 with code 100.'],
  ] as const)('at %s, “%s” is told as “%s”', (name, output, message) => {
    const failure = failureOf(step(name), 100, output, 'ams-1')
    expect(failure?.message).toBe(message)
    expect(failure?.detail).toContain(output.slice(0, 40))
  })
})
