import { expect, it } from 'vitest'
import { keyLabel } from './keys.ts'

it('writes a shortcut in the signs of the system', () => {
  expect(keyLabel('mod+shift+L', 'darwin')).toBe('⌘⇧L')
  expect(keyLabel('mod+shift+L', 'linux')).toBe('Ctrl ⇧ L')
  expect(keyLabel('mod+Enter', 'win32')).toBe('Ctrl ↵')
  expect(keyLabel('/', 'linux')).toBe('/')
})
