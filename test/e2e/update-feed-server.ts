import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename, join } from 'node:path'

/** A feed of updates on this computer, over plain HTTP. */
export interface Feed {
  /** What a package must be built with to look here. */
  readonly environment: Readonly<Record<string, string>>
  /** The paths that were asked for since the last publish. */
  readonly asked: string[]
  /** Offers a package as this version; signed by the feed's own key where no other is given. */
  publish(version: string, packageFile: string, key?: KeyObject): Promise<void>
  close(): Promise<void>
}

/** Opens a feed whose keys lie in `folder`. */
export async function openFeed(folder: string): Promise<Feed> {
  const own = generateKeyPairSync('ed25519')
  const publicKey = join(folder, 'update.pub')
  const signingKey = join(folder, 'update.key')
  await writeFile(publicKey, own.publicKey.export({ type: 'spki', format: 'pem' }))
  await writeFile(signingKey, own.privateKey.export({ type: 'pkcs8', format: 'pem' }))

  const asked: string[] = []
  const files = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://feed').pathname
    asked.push(path)
    const file = files.get(path)
    response.writeHead(file ? 200 : 404).end(file)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The feed has no port.')

  return {
    environment: {
      QUAYSIDE_UPDATE_FEED: `http://127.0.0.1:${address.port}`,
      QUAYSIDE_UPDATE_KEY: publicKey,
      QUAYSIDE_UPDATE_SIGNING_KEY: signingKey,
    },
    asked,
    async publish(version, packageFile, key = own.privateKey) {
      const content = await readFile(packageFile)
      const name = basename(packageFile)
      const sha512 = createHash('sha512').update(content).digest('base64')
      // As `npm run package` writes it, but of a version that is yet to come.
      const written = await readFile(join(packageFile, '../latest-linux.yml'), 'utf8')
      const channelFile = Buffer.from(written.replace(/^version: .*$/m, `version: ${version}`))
      if (!channelFile.includes(sha512)) throw new Error('The channel file has another hash.')
      files.clear()
      files.set('/latest-linux.yml', channelFile)
      files.set(
        '/latest-linux.yml.sig',
        Buffer.from(sign(null, channelFile, key).toString('base64')),
      )
      files.set(`/${name}`, content)
      asked.length = 0
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
