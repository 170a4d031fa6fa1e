import { describe, expect, it } from 'vitest'
import { parseSource } from './connection-string.ts'

const thrownBy = (text: string): unknown => {
  try {
    return parseSource(text)
  } catch (error) {
    return error
  }
}
const ca = "sslrootcert='/run/quayside/root.crt'"

describe('a connection string', () => {
  it.each<[text: string, address: string, login: [user: string, password: string, db: string]]>([
    [
      'postgresql://me:p%40s%3A@db.example.org:6543/shop?sslmode=require',
      "host='db.example.org' port='6543' sslmode='require'",
      ['me', 'p@s:', 'shop'],
    ],
    ['postgres://me@[::1]/', "host='::1' port='5432' sslmode='prefer'", ['me', '', 'me']],
    [
      'postgres://me@[2001:db8::7]:6000',
      "host='2001:db8::7' port='6000' sslmode='prefer'",
      ['me', '', 'me'],
    ],
    ['postgres://me:x@db:80/a', "host='db' port='80' sslmode='prefer'", ['me', 'x', 'a']],
    ['postgres://me:x@db:/a?', "host='db' port='5432' sslmode='prefer'", ['me', 'x', 'a']],
    [
      'postgres://u:a#b?c+d:e@h_1/d%20e',
      "host='h_1' port='5432' sslmode='prefer'",
      ['u', 'a#b?c+d:e', 'd e'],
    ],
    [
      'postgresql:///shop?host=db&user=me&password=a+b%26c&port=6000',
      "host='db' port='6000' sslmode='prefer'",
      ['me', 'a+b&c', 'shop'],
    ],
    [
      'postgresql://?host=db&user=me&dbname=b',
      "host='db' port='5432' sslmode='prefer'",
      ['me', '', 'b'],
    ],
    [
      "host = db port=5433 user='m e' password='it\\'s' dbname=a\\ b sslmode=verify-full",
      `host='db' port='5433' sslmode='verify-full' ${ca}`,
      ['m e', "it's", 'a b'],
    ],
    [
      'postgres://u:p@h/d?application_name=x&connect_timeout=5&sslnegotiation=postgres&service=',
      "host='h' port='5432' sslmode='prefer' connect_timeout='5'",
      ['u', 'p', 'd'],
    ],
    ['postgres://u:p@h/d?ssl=true', "host='h' port='5432' sslmode='require'", ['u', 'p', 'd']],
    [
      'postgres://u:p@h/d?sslmode=require&sslrootcert=%2Fetc%2Fca.pem',
      `host='h' port='5432' sslmode='verify-ca' ${ca}`,
      ['u', 'p', 'd'],
    ],
    [
      'postgres://u:p@h/d?sslrootcert=system',
      `host='h' port='5432' sslmode='verify-full' ${ca}`,
      ['u', 'p', 'd'],
    ],
    [
      "postgres://u:p@h/d?options=-c%20search_path%3Da'b",
      "host='h' port='5432' sslmode='prefer' options='-c search_path=a\\'b'",
      ['u', 'p', 'd'],
    ],
  ])('%s', (text, address, [user, password, database]) => {
    expect(parseSource(text)).toMatchObject({ address, user, password, database })
  })

  it('says by whom the server is vouched for', () => {
    const tls = (query: string) => {
      const { tls, rootFile } = parseSource(`postgres://u:p@h/d${query}`)
      return [tls, rootFile]
    }
    expect(tls('')).toEqual(['if-possible', null])
    expect(tls('?sslmode=disable&sslrootcert=/ca.pem')).toEqual(['never', null])
    expect(tls('?sslmode=require')).toEqual(['always', null])
    expect(tls('?sslmode=require&sslrootcert=/ca.pem')).toEqual(['authority', '/ca.pem'])
    expect(tls('?sslrootcert=/ca.pem')).toEqual(['authority', '/ca.pem'])
    expect(tls('?sslmode=verify-ca')).toEqual(['authority', null])
    expect(tls('?sslmode=verify-full&sslrootcert=C:\\ca.pem')).toEqual(['verified', 'C:\\ca.pem'])
    expect(tls('?sslrootcert=system')).toEqual(['verified', null])
  })

  it.each([
    ['', 'can’t be read'],
    ['what is this', 'can’t be read'],
    ["host=db user='m e' password='it''sEcret' dbname=b", 'can’t be read'],
    ['postgres://', 'names no server'],
    ['postgres:///d', 'names no server'],
    ['mysql://u:sEcret@h/d', 'is not one of PostgreSQL'],
    ['postgres://u:sEcret@a,b/d', 'several servers'],
    ['postgres://u:sEcret@a:1,b:2/d', 'several servers'],
    ['postgres://u:sEcret@/d?host=/var/run/postgresql', 'socket'],
    ['postgres://u:sEcret@%2Fvar%2Frun/d', 'socket'],
    ['host=h user=u password=sEcret passfile=/etc/passwd', '“passfile”'],
    ['host=h user=u password=sEcret service=other', '“service”'],
    ['host=h user=u password=sEcret port=x', 'port'],
    ['host=h user=u password=sEcret port=70000', 'port'],
    ['host=h password=sEcret', 'names no user'],
    ['postgres://u:sEcret%@h/d', 'percent'],
    ['postgres://u:sEcret@h/d?sslkey=/keys/mine', '“sslkey”'],
    ['postgres://u:sEcret@h/d?sslmode=sometimes', 'sslmode'],
    ['postgres://u:sEcret@h/d?sslrootcert=ca.pem', 'path'],
    ['postgres://u:sEcret@h/d?schema=public', '“schema”'],
    ['postgres://u:sEcret@h/d?sslnegotiation=direct', '“sslnegotiation”'],
    ['postgres://u:sEcret@h/d?pgbouncer=true', 'a connection of its own'],
    ['postgres://u:sEcret@h/d?schema', 'without a value'],
    ['postgres://u:sEcret@[::1/d', 'is no address'],
  ])('%j is refused without telling the password', (text, said) => {
    const error = thrownBy(text)
    expect(error).toMatchObject({ code: 'invalid_input', field: 'connectionString' })
    expect(String(error)).toContain(said)
    expect(JSON.stringify(error) + String(error)).not.toContain('sEcret')
  })
})
