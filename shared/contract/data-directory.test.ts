import { expect, it } from 'vitest'
import { dataDirectorySchema } from './hosts.ts'

it.each([
  ['/srv/databases', '/srv/databases'],
  [' /srv//databases/ ', '/srv/databases'],
  ['/srv/my data', '/srv/my data'],
  ['/srv/..data', '/srv/..data'],
  ['/running', '/running'],
])('takes %j as %j', (typed, read) => {
  expect(dataDirectorySchema.parse(typed)).toBe(read)
})

it.each([
  '',
  'srv',
  '~/data',
  '/',
  '//',
  '/srv/../etc',
  '/srv/.',
  '/a:b',
  '/a\nb',
  '/proc',
  '/run/x',
])('refuses %j', (typed) => {
  expect(dataDirectorySchema.safeParse(typed).success).toBe(false)
})
