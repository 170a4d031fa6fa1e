import { text } from 'node:stream/consumers'
import { extract, type Header } from 'tar-stream'
import { expect, it } from 'vitest'
import { archiveOf } from './archive.ts'

it('packs files for root with their modes, and makes only the folder that is ours', async () => {
  const archive = await archiveOf([
    { path: '/run/quayside/password', content: 'pässword', mode: 0o400, secret: true },
    { path: '/run/quayside/empty', content: '', mode: 0o400, secret: true },
    { path: '/docker-entrypoint-initdb.d/zz.sh', content: 'true\n', mode: 0o444, secret: false },
  ])
  const entries: (Pick<Header, 'name' | 'type' | 'mode' | 'uid' | 'gid'> & { body: string })[] = []
  const reader = extract()
  reader.end(archive)
  for await (const entry of reader) {
    const { name, type, mode, uid, gid } = entry.header
    entries.push({ name, type, mode, uid, gid, body: await text(entry) })
  }
  const root = { uid: 0, gid: 0 }
  expect(entries).toEqual([
    { ...root, name: 'run/quayside/', type: 'directory', mode: 0o755, body: '' },
    { ...root, name: 'run/quayside/password', type: 'file', mode: 0o400, body: 'pässword' },
    { ...root, name: 'run/quayside/empty', type: 'file', mode: 0o400, body: '' },
    {
      ...root,
      name: 'docker-entrypoint-initdb.d/zz.sh',
      type: 'file',
      mode: 0o444,
      body: 'true\n',
    },
  ])
})
