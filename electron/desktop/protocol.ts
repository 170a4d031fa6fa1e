import { readFile } from 'node:fs/promises'
import { protocol, type Session } from 'electron'
import { bundleFile } from './bundle-file.ts'

/** The page of the window. */
export const pageAddress = 'app://bundle/index.html'

/** What the page may do: run our scripts, show our styles and pictures, and nothing else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // Mantine writes its variables and responsive rules into style elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No text becomes elements or code, but for what renderer/trusted-types.ts lets pass.
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

/** Makes `app:` a scheme like https; must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

/** After so many milliseconds in which the page asks for nothing more it has what it begins with. */
const restMs = 20

/**
 * Serves the window's files from `folder` at `app://bundle/`; there are no `file:` addresses.
 * @returns resolves once a page has its script, styles and whatever else it begins with
 */
export function serveBundle({ protocol: schemes }: Session, folder: string): Promise<void> {
  return new Promise((begins) => {
    let rest: NodeJS.Timeout | undefined
    const served = (path: string): void => {
      if (rest === undefined && !path.endsWith('.js')) return
      clearTimeout(rest)
      rest = setTimeout(begins, restMs)
    }
    schemes.handle('app', async ({ url, method }) => {
      const file = method === 'GET' ? bundleFile(folder, url) : undefined
      if (file === undefined) return new Response(null, { status: 404, headers })
      try {
        const body = await readFile(file.path)
        served(file.path)
        return new Response(body, { headers: { ...headers, 'content-type': file.type } })
      } catch (thrown) {
        if (isMissing(thrown)) return new Response(null, { status: 404, headers })
        throw thrown
      }
    })
  })
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}
