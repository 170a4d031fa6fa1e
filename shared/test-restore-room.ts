/**
 * What a test restore needs on the disk of its host, for each byte of its dump: the dump itself, and
 * twice as much for the data, whose indexes are in no dump.
 */
export const testRestoreRoom = 3
