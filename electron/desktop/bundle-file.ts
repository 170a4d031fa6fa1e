import { extname, isAbsolute, join, relative } from 'node:path'
import { pageOrigin } from '../../shared/bridge.ts'

/** A file of the window's bundle. */
export interface BundleFile {
  readonly path: string
  readonly type: string
}

/** What a bundle may consist of; a file of any other kind is not served. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The file in `folder` that an `app://bundle/…` address names; undefined where it names none of it. */
export function bundleFile(folder: string, address: string): BundleFile | undefined {
  if (!URL.canParse(address)) return undefined
  const { protocol, host, pathname } = new URL(address)
  if (`${protocol}//${host}` !== pageOrigin) return undefined
  const decoded = decode(pathname)
  if (decoded === undefined || /[\0\\]/.test(decoded)) return undefined
  const path = join(folder, decoded === '/' ? 'index.html' : decoded)
  const inside = relative(folder, path)
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return undefined
  const type = types[extname(path)]
  return type === undefined ? undefined : { path, type }
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    // Not the percent encoding of any text, so no name of a file of ours.
    return undefined
  }
}
