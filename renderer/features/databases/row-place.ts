/** Where a row of the virtual list stands. */
export interface RowPlace {
  index: number
  /** Px from the list's top. */
  top: number
  /** The one row that Tab leads to. */
  active: boolean
}
