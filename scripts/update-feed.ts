import { createHash, createPrivateKey, sign } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Configuration } from 'electron-builder'
import manifest from '../package.json' with { type: 'json' }
import { repository } from './program.ts'

/** Where the updates of a package come from; none without QUAYSIDE_UPDATE_FEED. */
export interface WantedFeed {
  url: string
  /** Paths of PEM files with an Ed25519 key. */
  publicKey: string
  signingKey: string
}

/** Reads the feed to build for from the environment. Throws where one is named without its keys. */
export function wantedFeed(env: NodeJS.ProcessEnv): WantedFeed | null {
  const url = env['QUAYSIDE_UPDATE_FEED']
  if (url === undefined) return null
  const publicKey = env['QUAYSIDE_UPDATE_KEY']
  const signingKey = env['QUAYSIDE_UPDATE_SIGNING_KEY']
  if (publicKey === undefined || signingKey === undefined) {
    throw new Error(
      'QUAYSIDE_UPDATE_FEED needs QUAYSIDE_UPDATE_KEY and QUAYSIDE_UPDATE_SIGNING_KEY: the files of an Ed25519 key pair.',
    )
  }
  return { url, publicKey, signingKey }
}

/** What electron-builder puts beside the app's code for it. */
export async function feedConfig({ url, publicKey }: WantedFeed): Promise<Configuration> {
  const file = join(repository, 'dist/update-feed.json')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify({ url, publicKey: await readFile(publicKey, 'utf8') }))
  return {
    publish: { provider: 'generic', url },
    extraResources: [{ from: file, to: 'update-feed.json' }],
  }
}

/**
 * Writes the channel file that electron-updater reads, and its signature, beside the package: the three
 * are what the feed has to serve.
 */
export async function writeChannelFile(packageFile: string, feed: WantedFeed): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(packageFile), hash)
  const sha512 = hash.digest('base64')
  const name = basename(packageFile)
  const text = [
    `version: ${manifest.version}`,
    'files:',
    `  - url: ${name}`,
    `    sha512: ${sha512}`,
    `    size: ${(await stat(packageFile)).size}`,
    `path: ${name}`,
    `sha512: ${sha512}`,
    `releaseDate: '${new Date().toISOString()}'`,
    '',
  ].join('\n')
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`
  const file = join(dirname(packageFile), `latest-linux${arch}.yml`)
  const key = createPrivateKey(await readFile(feed.signingKey, 'utf8'))
  await writeFile(file, text)
  await writeFile(`${file}.sig`, sign(null, Buffer.from(text), key).toString('base64'))
}
