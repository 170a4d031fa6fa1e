import { expect, it } from 'vitest'
import { allowedLink } from './allowed-links.ts'

it('lets a link lead to a page of a known host, by https', () => {
  expect(allowedLink('https://docs.docker.com/engine/')).toBe('https://docs.docker.com/engine/')
})

it.each([
  'http://docs.docker.com/',
  'https://docs.docker.com.example.com/',
  'https://example.com/docs.docker.com',
  'https://docs.docker.com@example.com/',
  'https://user:secret@docs.docker.com/',
  'https://docs.docker.com:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://docs.docker.com/share',
  '//docs.docker.com',
  '',
])('lets no link lead to %s', (link) => {
  expect(allowedLink(link)).toBeUndefined()
})
