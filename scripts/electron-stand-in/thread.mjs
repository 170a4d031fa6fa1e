// Where every thread of the app begins: what leads to better-sqlite3 has to be set in each.
import { getEnvironmentData } from 'node:worker_threads'
import './lead-sqlite.mjs'

await import(getEnvironmentData('stand-in: module'))
