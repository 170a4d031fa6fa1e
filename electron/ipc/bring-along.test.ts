import { expect, it } from 'vitest'
import { databaseSchema } from '../../shared/contract/databases.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import { bringAlong } from './bring-along.ts'

const id = '0d5d3c7f-6d0c-4f0e-9a55-7f3f4c1e4b11'
const shop = databaseSchema.parse({
  id,
  hostId: '1d5d3c7f-6d0c-4f0e-9a55-7f3f4c1e4b11',
  hostName: 'ams-1',
  name: 'shop',
  environment: 'staging',
  engine: 'anyengine',
  version: '17',
  image: 'anyengine:17',
  containerName: 'shop',
  volumeName: 'shop',
  port: 20_000,
  user: 'shop',
  database: 'shop',
  status: 'running',
  reason: null,
  since: null,
  startedAt: null,
  protected: false,
  deletedAt: null,
  createdAt: 0,
  jobId: null,
})
const news: QuaysideEvent = { type: 'changed', topic: 'databases', ids: [id] }

it('brings along how the databases are that the news is about', async () => {
  const asked: unknown[] = []
  const read = (input: unknown) => Promise.resolve((asked.push(input), [shop]))
  expect(await bringAlong({ read }, news)).toEqual({ ...news, databases: [shop] })
  expect(asked).toEqual([{ ids: [id] }])
})

it.each<[string, QuaysideEvent]>([
  ['of another topic', { type: 'changed', topic: 'jobs', ids: [id] }],
  ['of no one in particular', { type: 'changed', topic: 'databases' }],
])('leaves news %s as they are', async (_, event) => {
  const read = () => Promise.reject(new Error('Nobody is asked.'))
  expect(await bringAlong({ read }, event)).toBe(event)
})

it('tells the news alone where the databases cannot be read', async () => {
  expect(await bringAlong({ read: () => Promise.reject(new Error('broken')) }, news)).toBe(news)
})

it('lets nothing out that the contract does not know', async () => {
  const read = () => Promise.resolve([{ ...shop, password: 'x' }])
  expect(await bringAlong({ read }, news)).toBe(news)
})
