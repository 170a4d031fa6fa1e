import { expect, it } from 'vitest'
import { createAppLife } from '../../desktop/app-life.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { createApp } from './app.ts'
import { createStoreTrouble } from './store-trouble.ts'

function anApp() {
  const told: string[] = []
  const log = {
    info: () => undefined,
    error: () => undefined,
    warn: (message: string) => told.push(message),
  }
  const publish = () => told.push('news')
  const storeTrouble = createStoreTrouble({ log, publish })
  const life = createAppLife()
  life.onChange(publish)
  const info = { version: '1.2.0', platform: 'linux', home: '/home/me/.quayside' } as const
  return { app: createApp({ info, storeTrouble, life }), storeTrouble, life, told }
}

it('the app tells of its next version, and installs it', async () => {
  const { app, life, told } = anApp()
  await expect(app.installUpdate({})).rejects.toMatchObject({ code: 'not_found' })
  const installed: string[] = []
  life.updateIsReady('1.3.0', () => installed.push('1.3.0'))
  expect(await app.state({})).toMatchObject({ update: '1.3.0' })
  await app.installUpdate({})
  expect(installed).toEqual(['1.3.0'])
  expect(told).toEqual(['news'])
})

it('the app tells what it waits for before it quits, and stays where that is taken back', async () => {
  const { app, life } = anApp()
  life.onStay(() => life.quitsOnce(null))
  life.quitsOnce(2)
  expect(await app.state({})).toMatchObject({ quitsAfter: 2 })
  await app.stay({})
  expect(await app.state({})).toMatchObject({ quitsAfter: null })
})

it('what this computer can’t keep is told once, and again once it can', async () => {
  const { app, storeTrouble, told } = anApp()
  const full = () => {
    throw new QuaysideError('disk_full', 'The disk of this computer is full.')
  }
  expect(storeTrouble.attempt(full)).toBe(false)
  expect(storeTrouble.attempt(full)).toBe(false)
  expect(await app.state({})).toMatchObject({ storeError: { code: 'disk_full' } })
  expect(told).toEqual(['what hosts tell can not be kept for now', 'news'])
  expect(storeTrouble.attempt(() => undefined)).toBe(true)
  expect(await app.state({})).toMatchObject({ storeError: null })
  expect(told).toHaveLength(3)
  expect(() =>
    storeTrouble.attempt(() => {
      throw new Error('a bug')
    }),
  ).toThrow('a bug')
})
