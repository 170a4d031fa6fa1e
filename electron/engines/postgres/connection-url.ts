/** The words that a connection string stands for, such as `host` and `sslmode`. */
export type Words = Record<string, string>

/**
 * Takes a URL apart as libpq does, which dumps by it. The web's rules are others: they cut a password at
 * `#`, take a path for a server where there is none, and a plus for a space.
 * @param broken makes the error for what can't be read
 */
export function wordsOfUrl(url: string, broken: (what: string) => Error): Words {
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text)
    } catch {
      throw broken('has a percent sign that stands for nothing')
    }
  }
  const [, rest = ''] = /^[a-z]+:\/\/(.*)$/is.exec(url) ?? []
  const [, login, place = ''] = /^(?:([^/@]*)@)?(.*)$/s.exec(rest) ?? []
  const taken = /^((?:\[[^\]]*\]|[^/?[\]])*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(place)
  if (taken === null) throw broken('is no address')
  const [, hosts = '', path = '', query = ''] = taken

  const words: Words = {}
  const keep = (key: string, text: string | undefined): void => {
    if (text !== undefined && text !== '') words[key] = decode(text)
  }
  if (login !== undefined) {
    const colon = login.indexOf(':')
    keep('user', colon < 0 ? login : login.slice(0, colon))
    keep('password', colon < 0 ? undefined : login.slice(colon + 1))
  }
  // Several are told apart by commas, each with a port of its own.
  const places = hosts.split(',').map((one) => /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(one) ?? [])
  keep('host', places.map(([, host = '']) => host.replaceAll(/^\[|\]$/g, '')).join(','))
  if (places.some(([, , port]) => port !== undefined)) {
    keep('port', places.map(([, , port = '']) => port).join(','))
  }
  keep('dbname', path)
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw broken('has a setting without a value')
    const [key, value] = [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    // As JDBC's is written, which libpq takes too.
    if (key === 'ssl' && value === 'true') words['sslmode'] = 'require'
    else words[key] = value
  }
  return words
}

/** Takes libpq's `key=value` words apart, quoted or not. */
export function wordsOfText(text: string, broken: (what: string) => Error): Words {
  const found: Words = {}
  const word = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gy
  let at = 0
  for (const match of text.matchAll(word)) {
    const [whole, key = '', quoted, bare = ''] = match
    found[key] = (quoted ?? bare).replaceAll(/\\(.)/g, '$1')
    at += whole.length
  }
  if (at === 0 || text.slice(at).trim() !== '') throw broken('can’t be read')
  return found
}
