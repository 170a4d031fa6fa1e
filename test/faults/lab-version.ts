/** The PostgreSQL version that the lab's registry has. */
export const labVersion = '15'
