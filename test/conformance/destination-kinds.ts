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

/** For kinds that need no host. Few objects a page, so that lists have several. */
export const noVolumes: DestinationContext = {
  volumes: {
    at: () => {
      throw new Error('no host is part of this test')
    },
  },
  pageSize: 4,
}
