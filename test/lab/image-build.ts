import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { mustRun, say } from '../../scripts/program.ts'
import type { LabContext } from './context.ts'
import { base, type ImageSource } from './image-sources.ts'
import { endBuilder, ensureMachineEngine } from './machine-engine.ts'
import { endProcess } from './processes.ts'
import { startRegistry } from './registry.ts'
import { removeCgroups } from './cgroups.ts'

const baseImage = 'debian:bookworm-slim'

type Build = {
  readonly baseFile: string
  readonly wanted: readonly { readonly image: ImageSource; readonly storage: string }[]
  /** Makes a folder under a draft's name first. */
  readonly whole: (path: string, make: (draft: string) => Promise<void>) => Promise<void>
}

/** A small Debian as a tar file. */
export async function buildBase(file: string): Promise<void> {
  const folder = `${file}.d`
  rmSync(folder, { recursive: true, force: true })
  const include = `--include=${base.packages.join(',')}`
  // Its programs end with us, and what it mounts in there goes with its namespace.
  await mustRun('setpriv', [
    ...['--pdeathsig', 'KILL', 'unshare', '-m', '-p', '--fork', '--kill-child', '--mount-proc'],
    ...['debootstrap', '--variant=minbase', include, base.suite, folder],
    ...(base.mirror === undefined ? [] : [base.mirror]),
  ])
  const left = ['./var/cache/apt', './var/lib/apt/lists', './usr/share/doc', './usr/share/man']
  const exclude = left.map((path) => `--exclude=${path}/*`)
  await mustRun('tar', ['-C', folder, ...exclude, '-cf', file, '.'])
  rmSync(folder, { recursive: true, force: true })
}

/** Builds images in an engine that lives as long as this takes, and pushes each into a folder. */
export async function buildImages(lab: LabContext, build: Build): Promise<void> {
  const engine = await ensureMachineEngine(lab, 'builder')
  const docker = (...args: string[]) =>
    mustRun('docker', ['-H', `unix://${engine.socket}`, ...args], {
      env: { ...process.env, DOCKER_CONFIG: join(engine.folder, 'cli'), DOCKER_BUILDKIT: '0' },
    })
  try {
    await docker('import', build.baseFile, baseImage)
    for (const { image, storage } of build.wanted) {
      say(`Building the image ${image.name}:${image.tags.join(', ')} …`)
      await docker('build', '--network', 'host', '--tag', image.name, image.folder)
      const version = (
        await docker(
          'run',
          '--rm',
          '--network',
          'none',
          '--entrypoint',
          'dpkg-query',
          image.name,
          '-W',
          '-f',
          '${Version}',
          image.package,
        )
      ).trim()
      await docker(
        'build',
        '--network',
        'host',
        '--tag',
        image.name,
        '--build-arg',
        `${image.versionArgument}=${version}`,
        image.folder,
      )
      await build.whole(storage, (draft) => push(lab, { docker, image, draft }))
    }
  } finally {
    await endBuilder(lab, engine)
    await removeCgroups(lab.instance)
  }
}

async function push(
  lab: LabContext,
  target: { docker: (...args: string[]) => Promise<string>; image: ImageSource; draft: string },
): Promise<void> {
  const { docker, image, draft } = target
  const folder = join(lab.instance.folder, 'builder')
  const port = await freePort()
  const registry = await startRegistry({
    name: 'registry',
    labId: lab.instance.id,
    folder,
    storage: draft,
    host: '127.0.0.1',
    port,
    readonly: false,
  })
  try {
    for (const tag of image.tags) {
      const name = `127.0.0.1:${port}/library/${image.name}:${tag}`
      await docker('tag', image.name, name)
      await docker('push', name)
    }
  } finally {
    await endProcess(registry)
  }
}

/** A port of the loopback that nobody has right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      server.close(() => (port === undefined ? reject(new Error('No free port.')) : resolve(port)))
    })
  })
}
