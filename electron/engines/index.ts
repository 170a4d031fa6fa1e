import type { Engine } from './engine.ts'
import { postgres } from './postgres/index.ts'

/** Every engine of this version, in the order they are shown. */
export const engines: readonly Engine[] = [postgres]
