import { describe, expect, it } from 'vitest'
import { quotePath } from './system-login.ts'

describe('a path as a value in ssh config', () => {
  it.each([
    ['/home/ada/my keys/id', '"/home/ada/my keys/id"'],
    ['/home/ada/100%/id', '"/home/ada/100%%/id"'],
    ['/home/ada/back\\slash', '"/home/ada/back\\slash"'],
  ])('%s', (path, quoted) => {
    expect(quotePath(path, false)).toBe(quoted)
  })

  // ssh takes a backslash before some letters for the sign that they stand for themselves.
  it.each([
    ['C:\\Users\\Ada L\\.ssh\\id', '"C:/Users/Ada L/.ssh/id"'],
    ['\\\\.\\pipe\\openssh-ssh-agent', '"//./pipe/openssh-ssh-agent"'],
  ])('on Windows: %s', (path, quoted) => {
    expect(quotePath(path, true)).toBe(quoted)
  })
})
