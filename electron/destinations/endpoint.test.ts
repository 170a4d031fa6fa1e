import { describe, expect, it } from 'vitest'
import { endpointSchema } from './destination.ts'

describe('an endpoint', () => {
  const schema = endpointSchema('https://s3.example.com')
  const said = (address: string) => schema.safeParse(address).error?.issues[0]?.message

  it.each([
    [undefined, ''],
    [' https://s3.example.com/ ', 'https://s3.example.com'],
    ['http://127.0.0.1:9000/account', 'http://127.0.0.1:9000/account'],
  ])('%j is taken as %j', (given, taken) => {
    expect(schema.parse(given)).toBe(taken)
  })

  it.each(['s3.example.com', 'ftp://s3.example.com', 'https://a b', 'https://s3.example.com?x=1'])(
    '%s is refused with one that would do',
    (address) => {
      expect(said(address)).toBe('An endpoint looks like https://s3.example.com.')
    },
  )

  it('has no user or password in it, which would be seen', () => {
    expect(said('https://me:secret@s3.example.com')).toBe(
      'Leave user and password out of the endpoint.',
    )
  })
})
