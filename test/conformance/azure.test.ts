import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { expect, it } from 'vitest'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { kindOf, noVolumes } from './destination-kinds.ts'
import { describeFaults } from './destination-faults.ts'
import { chunks, describeDestination, expectGrowingParts, never } from './destination-suite.ts'

const account = 'testaccount'
const credential = Buffer.from('a key of the test and of nothing else').toString('base64')
const kind = kindOf(destinationKinds, 'azure')

const config = { account, container: 'backups', folder: 'quayside' }

/** azurite on a port of its own; it speaks the protocol and checks keys, conditions and MD5. */
async function startAzurite() {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-azurite-'))
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
  const server = spawn(
    process.execPath,
    [main, '--blobPort', '0', '--location', folder, '--disableTelemetry', '--skipApiVersionCheck'],
    { env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${credential}` } },
  )
  const port = await new Promise<string>((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const found = /successfully listens on https?:\/\/[\d.]+:(\d+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
    server.once('exit', () => reject(new Error(`azurite ended: ${said}`)))
  })
  const endpoint = `http://127.0.0.1:${port}/${account}`
  const service = new BlobServiceClient(
    endpoint,
    new StorageSharedKeyCredential(account, credential),
  )
  const container = service.getContainerClient('backups')
  await container.create()
  return {
    endpoint,
    everything: async () => {
      const names: string[] = []
      const listed = container.listBlobsFlat({ includeUncommitedBlobs: true })
      for await (const { name } of listed) names.push(name)
      return names
    },
    leaveUnfinished: async (name: string) => {
      const blob = container.getBlockBlobClient(`${config.folder}/${name}`)
      await blob.stageBlock(Buffer.from('000001').toString('base64'), 'half', 4)
    },
    stop: async () => {
      server.kill()
      await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

let endpoint = ''

describeDestination(
  'azure',
  async () => {
    const server = await startAzurite()
    endpoint = server.endpoint
    const destination = kind.open({ ...config, endpoint }, { credential }, noVolumes)
    const { everything, leaveUnfinished, stop } = server
    return { destination, everything, leaveUnfinished, stop }
  },
  {
    severalParts: 12 * 1024 * 1024,
    memory: 36 * 1024 * 1024,
    more: () => {
      it('is refused with another key, and says no word of it', async () => {
        const wrong = Buffer.from('another key').toString('base64')
        const d = kind.open({ ...config, endpoint }, { credential: wrong }, noVolumes)
        const put = d.put('a.dump', chunks(Buffer.from('x')), { signal: never(), exclusive: false })
        const error: unknown = await put.catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'destination_denied' })
        expect(JSON.stringify(error)).not.toContain(wrong)
      })

      it('says that there is no such container', async () => {
        const d = kind.open({ ...config, container: 'none', endpoint }, { credential }, noVolumes)
        const put = d.put('a.dump', chunks(Buffer.from('x')), { signal: never(), exclusive: false })
        await expect(put).rejects.toMatchObject({ message: 'There is no container none.' })
      })
    },
  },
)

const error = (status: number, code: string, message = code) => ({
  kind: 'answer' as const,
  status,
  headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
})

it('azure: a blob may be larger than the usual blocks make it', async () => {
  const server = await startAzurite()
  const sizes = { page: 4, part: 256 * 1024, parts: 2 }
  const at = { ...config, endpoint: server.endpoint }
  const d = kind.open(at, { credential }, { ...noVolumes, sizes })
  try {
    await expectGrowingParts(d, sizes.part)
    // The first and the largest that may follow are six: beyond that it ends, and nothing stays.
    const seven = chunks(Buffer.alloc(7 * sizes.part))
    const put = d.put('a/large.dump', seven, { signal: never(), exclusive: false })
    await expect(put).rejects.toMatchObject({
      code: 'destination_failed',
      message: expect.stringContaining('larger') as unknown,
    })
    expect(await server.everything()).toEqual([])
  } finally {
    await d.close()
    await server.stop()
  }
})

describeFaults('azure', {
  start: startAzurite,
  open: (proxied, patience) =>
    kind.open(
      { ...config, endpoint: `${proxied}/${account}` },
      { credential },
      { ...noVolumes, patience },
    ),
  wire: {
    put: { method: 'PUT' },
    part: { method: 'PUT', url: /comp=block&/ },
    complete: { method: 'PUT', url: /comp=blocklist/ },
    read: { method: 'GET', url: /fault\.dump/ },
    list: { method: 'GET', url: /comp=list/ },
    denied: error(403, 'AuthorizationFailure'),
    expired: error(403, 'AuthenticationFailed', 'Signature not valid in the specified time frame'),
    taken: error(409, 'BlobAlreadyExists'),
    broken: error(501, 'NotImplemented'),
    busy: error(503, 'ServerBusy'),
  },
})
