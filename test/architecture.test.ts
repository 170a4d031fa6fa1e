import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { inspect } from './architecture/inspect.ts'
import { owners } from './architecture/rooms.ts'

const repository = dirname(import.meta.dirname)
const manifest = z.object({ dependencies: z.record(z.string(), z.string()) })

describe('the house', () => {
  const { files, violations } = inspect(repository)

  it('is looked through whole', () => {
    for (const room of ['electron/', 'renderer/', 'shared/', 'scripts/', 'test/'])
      expect(files.filter((path) => path.startsWith(room)).length, room).toBeGreaterThan(0)
    expect(files).toContain('vitest.config.ts')
    expect(files).toContain('test/architecture.test.ts')
  })

  it('says of each library that ships with the app where it may be imported', () => {
    const { dependencies } = manifest.parse(
      JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')),
    )
    // Schemas stand at every boundary.
    expect([...Object.keys(owners), 'zod'].toSorted()).toEqual(Object.keys(dependencies).toSorted())
  })

  it('has every file in a room, importing only what that room may', () => {
    expect(violations).toEqual([])
  })
})

describe('the inspection', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'quayside-house-'))
  })
  afterEach(() => {
    rmSync(root, { recursive: true })
  })
  const found = (path: string, text: string): readonly string[] => {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
    return inspect(root).violations
  }

  it.each([
    ['shared/a.ts', "import '../electron/domain/b.ts'"],
    ['shared/a.ts', "import { readFile } from 'node:fs'"],
    ['shared/a.ts', "import fs from 'fs'"],
    ['renderer/a.tsx', "const a = <p>{1}</p>\nimport '../electron/domain/b.ts'"],
    ['renderer/a.tsx', "export * from 'node:path'"],
    ['renderer/a.tsx', "const a = await import('electron')"],
    ['renderer/a.tsx', "type A = import('../electron/domain/ports.ts').Ssh"],
    ['renderer/features/hosts/a.ts', "import { b } from '../databases/mutations.ts'"],
    ['electron/preload.ts', "import { call } from '../shared/bridge.ts'"],
    ['electron/preload.ts', "import * as z from 'zod'"],
    ['electron/ipc/a.ts', "import { b } from '../adapters/sqlite/b.ts'"],
    ['electron/cli/a.ts', "import { b } from '../engines/index.ts'"],
    ['electron/cli/a.ts', "import { app } from 'electron'"],
    ['electron/cli/a.ts', "import { b } from '../compose.ts'"],
    ['electron/domain/a.ts', "import type Docker from 'dockerode'"],
    ['electron/domain/a.ts', "const a = require('ssh2')"],
    ['electron/domain/a.ts', "import { S3Client } from '@aws-sdk/client-s3'"],
    ['electron/destinations/x/a.ts', "import { BlobClient } from '@azure/storage-blob'"],
    ['electron/domain/a.ts', "const a = createRequire(import.meta.url)('better-sqlite3')"],
    ['electron/domain/a.ts', "import { connect } from 'node:net'"],
    ['electron/domain/hosts/a.ts', "export { b } from '../../adapters/ssh/b.ts'"],
    ['electron/domain/a.ts', 'const a = await import(name)'],
    ['electron/engines/x/a.ts', "import { b } from '../y/b.ts'"],
    ['electron/engines/x/a.ts', "import { readFile } from 'node:fs/promises'"],
    ['electron/engines/x/a.ts', "import type { Docker } from '../../domain/ports.ts'"],
    ['electron/destinations/x/a.ts', "import { b } from '../y/b.ts'"],
    ['electron/adapters/ssh/a.ts', "import { b } from '../docker/b.ts'"],
    ['electron/adapters/ssh/a.ts', "import { b } from '../../domain/ports.ts'"],
    ['electron/adapters/ssh/a.ts', "import type { B } from '../../domain/hosts/hosts.ts'"],
    ['electron/adapters/ssh/a.ts', "import Docker from 'dockerode'"],
    ['electron/compose.ts', "import { app } from 'electron'"],
    ['electron/compose.ts', "import { b } from './desktop/window.ts'"],
    ['electron/desktop/a.ts', "import { b } from '../adapters/sqlite/b.ts'"],
    ['electron/desktop/a.ts', "import '../main.ts'"],
    ['electron/domain/a.ts', "import { b } from '../../test/lab/lab.ts'"],
    ['electron/lonely.ts', 'export const a = 1'],
    ['electron/adapters/lonely.ts', 'export const a = 1'],
    ['attic/a.ts', 'export const a = 1'],
    ['attic/deep/a.mjs', 'export const a = 1'],
  ])('finds that %s holds %s', (path, text) => {
    expect(found(path, text)).toHaveLength(1)
  })

  it.each([
    ['shared/a.ts', "import * as z from 'zod'\nimport { b } from './b.ts'"],
    ['renderer/features/hosts/a.tsx', "import { b } from '../databases/queries.ts'"],
    ['renderer/a.tsx', "// import 'electron'\nconst a = \"import 'electron'\""],
    [
      'electron/preload.ts',
      "import type { A } from '../shared/a.ts'\nimport { b } from 'electron'",
    ],
    ['electron/preload.ts', "import { type A } from '../shared/a.ts'"],
    [
      'electron/adapters/ssh/a.ts',
      "import type { Ssh } from '../../domain/ports.ts'\nimport 'ssh2'",
    ],
    ['electron/domain/a.ts', "import type { Engine } from '../engines/engine.ts'"],
    ['electron/domain/a.test.ts', "import Database from 'better-sqlite3'"],
    ['electron/cli/main.ts', "import { compose } from '../compose.ts'"],
    ['some.config.ts', "import { defineConfig } from 'vite'"],
  ])('lets %s hold %s', (path, text) => {
    expect(found(path, text)).toEqual([])
  })

  describe('of names', () => {
    beforeEach(() => {
      for (const name of ['engines/postgres', 'destinations/s3', 'destinations/docker-volume'])
        mkdirSync(join(root, 'electron', name), { recursive: true })
    })

    it.each([
      ['renderer/a.tsx', "if (engine === 'postgres') show()"],
      ['renderer/a.tsx', 'const a = <p>PostgreSQL 15</p>'],
      ['electron/domain/a.ts', 'const postgresPort = 5432'],
      ['electron/domain/a.ts', 'const a = `${user}@postgres`'],
      ['electron/domain/a.ts', "const a = ['s3']"],
      ['shared/a.ts', "const a = 'docker-volume'"],
      ['electron/engines/mariadb/a.ts', "const likeThat = 'postgres'"],
    ])('finds that %s holds %s', (path, text) => {
      expect(found(path, text)).toHaveLength(1)
    })

    it.each([
      ['electron/domain/a.ts', '// As PostgreSQL does it\nconst class3 = 1'],
      ['electron/engines/postgres/spec.ts', "const a = 'postgres'"],
      ['electron/engines/index.ts', "import { postgres } from './postgres/postgres.ts'"],
      ['electron/domain/a.test.ts', "const a = 'postgres'"],
    ])('lets %s hold %s', (path, text) => {
      expect(found(path, text)).toEqual([])
    })
  })
})
