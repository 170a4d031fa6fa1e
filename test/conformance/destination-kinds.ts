import type {
  DestinationContext,
  DestinationKind,
} from '../../electron/destinations/destination.ts'

/** The kind of that id. */
export function kindOf(kinds: readonly DestinationKind[], id: string): DestinationKind {
  const kind = kinds.find(({ info }) => info.id === id)
  if (kind === undefined) throw new Error(`there is no kind ${id}`)
  return kind
}

/** For kinds that need no host. Small pages and parts, so that there are several. */
export const noVolumes: DestinationContext = {
  volumes: {
    at: () => {
      throw new Error('no host is part of this test')
    },
  },
  sizes: { page: 4, part: 5 * 1024 * 1024 },
}
