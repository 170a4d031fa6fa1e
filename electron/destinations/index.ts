import { azure } from './azure/index.ts'
import type { DestinationKind } from './destination.ts'
import { serverFolder } from './server-folder/index.ts'
import { gcs } from './gcs/index.ts'
import { guardKind } from './guard.ts'
import { localFolder } from './local-folder/index.ts'
import { s3 } from './s3/index.ts'

/** Every kind of destination of this version, in the order they are shown. */
export const destinationKinds: readonly DestinationKind[] = [
  localFolder,
  serverFolder,
  s3,
  gcs,
  azure,
].map(guardKind)
