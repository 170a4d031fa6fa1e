import { shell } from 'electron'
import type { Log } from '../domain/ports.ts'
import { allowedLink } from './allowed-links.ts'

/** Opens a page in the user's browser, where the list of hosts allows it; else only notes it. */
export function openExternalLink(link: string, log: Log): void {
  const allowed = allowedLink(link)
  if (allowed === undefined) {
    log.warn('a link was not opened', { link })
    return
  }
  shell.openExternal(allowed).catch((thrown: unknown) => {
    log.error('a link could not be opened', thrown, { link: allowed })
  })
}
