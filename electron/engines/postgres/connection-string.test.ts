import { describe, expect, it } from 'vitest'
import { parseSource } from './connection-string.ts'

const thrownBy = (text: string): unknown => {
  try {
    return parseSource(text)
  } catch (error) {
    return error
  }
}

describe('a connection string', () => {
  it.each([
    [
      'postgresql://me:p%40s%3A@db.example.org:6543/shop?sslmode=require',
      "host='db.example.org' port='6543' sslmode='require'",
      ['me', 'p@s:', 'shop'],
    ],
    ['postgres://me@[::1]/', "host='::1' port='5432'", ['me', '', 'me']],
    ['postgres://me:x@db:80/a', "host='db' port='80'", ['me', 'x', 'a']],
    ["host=db user='m e' password='it''s' dbname=a\\ b", '', null],
    [
      "host = db port=5433 user='m e' password='it\\'s' dbname=a\\ b sslmode=verify-full",
      "host='db' port='5433' sslmode='verify-full'",
      ['m e', "it's", 'a b'],
    ],
    ['postgres://u:p@h/d?application_name=x', "host='h' port='5432'", ['u', 'p', 'd']],
  ])('%s', (text, address, login) => {
    if (login === null) {
      expect(thrownBy(text)).toMatchObject({ code: 'invalid_input' })
      return
    }
    const [user, password, database] = login
    expect(parseSource(text)).toMatchObject({ address, user, password, database })
  })

  it.each([
    '',
    'what is this',
    'postgres://',
    'postgres://u:sEcret@a,b/d',
    'postgres://u:sEcret@/d?host=/var/run/postgresql',
    'host=h user=u password=sEcret passfile=/etc/passwd',
    'host=h user=u password=sEcret service=other',
    'host=h user=u password=sEcret port=x',
    'host=h password=sEcret',
    'postgres://u:sEcret%@h/d',
    'postgres://u:sEcret@h/d?sslkey=/keys/mine',
  ])('%j is refused without telling the password', (text) => {
    const error = thrownBy(text)
    expect(error).toMatchObject({ code: 'invalid_input', field: 'connectionString' })
    expect(JSON.stringify(error) + String(error)).not.toContain('sEcret')
  })
})
