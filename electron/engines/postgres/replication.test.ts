import { expect, it } from 'vitest'
import { setSubscriptions } from './replication.ts'

it('a subscription is disabled and enabled by its name, whatever that holds', async () => {
  const said: string[] = []
  const query = (text: string) => Promise.resolve([void said.push(text)])
  await setSubscriptions(query, ['a', 'b"; DROP'], false)
  await setSubscriptions(query, ['a'], true)
  expect(said).toEqual([
    'ALTER SUBSCRIPTION "a" DISABLE',
    'ALTER SUBSCRIPTION "b""; DROP" DISABLE',
    'ALTER SUBSCRIPTION "a" ENABLE',
  ])
})
