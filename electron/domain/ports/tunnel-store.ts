import type { DatabaseId } from '../../../shared/contract/databases.ts'

/** A database's tunnel as kept in the store. */
export interface TunnelRecord {
  /** The port it has moved to for good; null while it has its usual one. */
  ownPort: number | null
  /** The user wants it whenever the app runs. */
  armed: boolean
  /** The process that has it open, alive or not, so that a command line can name the window's. */
  holder: { localPort: number; owner: string } | null
}

export interface TunnelStore {
  get(databaseId: DatabaseId): TunnelRecord | null
  /** Those the user wants whenever the app runs. */
  armed(): DatabaseId[]
  /** Those with a holder, alive or not. */
  held(): { databaseId: DatabaseId; localPort: number; owner: string }[]
  setArmed(databaseId: DatabaseId, armed: boolean): void
  setOwnPort(databaseId: DatabaseId, port: number): void
  hold(databaseId: DatabaseId, holder: { localPort: number; owner: string }): void
  /** Forgets the holder if it is still `owner`; the rest stays. */
  release(databaseId: DatabaseId, owner: string): void
}
