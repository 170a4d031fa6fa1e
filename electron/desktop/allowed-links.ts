/** Whose pages may be opened in the user's browser. */
const hosts: ReadonlySet<string> = new Set(['docs.docker.com'])

/** The address to open for a link: https, without credentials or port, of a host on the list; else undefined. */
export function allowedLink(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined
  const { protocol, hostname, port, username, password, href } = new URL(link)
  const bare = port === '' && username === '' && password === ''
  return protocol === 'https:' && bare && hosts.has(hostname) ? href : undefined
}
