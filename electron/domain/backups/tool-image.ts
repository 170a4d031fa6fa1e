import type { HostId } from '../../../shared/contract/hosts.ts'
import type { Engine } from '../../engines/engine.ts'
import type { DatabaseRecord } from '../ports.ts'
import { imageOf } from './open-copy.ts'

interface ToolImageDeps {
  databases: readonly Pick<DatabaseRecord, 'hostId' | 'state' | 'image'>[]
  engines: readonly Pick<Engine, 'info' | 'server'>[]
}

/**
 * An image for work on files of a host, of which any that an engine runs from will do: one that a
 * database there has, else one that is there, so that nothing has to be pulled; else the newest of the
 * first engine.
 * @param imagesOf the references of all images of some repositories that the host has
 */
export async function pickToolImage(
  { databases, engines }: ToolImageDeps,
  hostId: HostId,
  imagesOf: (repositories: readonly string[]) => Promise<readonly string[]>,
): Promise<string> {
  const there = databases.find((each) => each.hostId === hostId && each.state === 'ready')
  if (there !== undefined) return there.image
  const usual = engines.flatMap((engine) =>
    engine.info.versions.map(({ version }) => imageOf(engine, version)),
  )
  const [newest] = usual
  if (newest === undefined) throw new Error('there is no engine')
  const present = await imagesOf([...new Set(usual.map(repositoryOf))])
  return usual.find((image) => present.includes(image)) ?? present[0] ?? newest
}

/** Without its tag. A colon before a slash belongs to a registry's port. */
function repositoryOf(image: string): string {
  return image.replace(/:[^/:]*$/, '')
}
