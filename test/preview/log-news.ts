import type { LogNews } from '../../shared/contract/logs.ts'
import { now } from './data.ts'

const said = [
  'LOG:  checkpoint starting: time',
  'LOG:  checkpoint complete: wrote 918 buffers (5.6%); 0 WAL file(s) added, 0 removed, 0 recycled; write=0.041 s, sync=0.068 s, total=0.113 s; sync files=301, longest=0.010 s, average=0.001 s; distance=4222 kB, estimate=4222 kB',
  'ERROR:  duplicate key value violates unique constraint "orders_pkey"',
  'WARNING:  there is no transaction in progress',
  'LOG:  automatic vacuum of table "shop.public.carts": index scans: 1',
  'FATAL:  password authentication failed for user "reporting"',
] as const

/** A log of 400 lines. */
export const logNews: Omit<LogNews, 'follower'> = {
  state: 'following',
  error: null,
  first: 0,
  lines: Array.from({ length: 400 }, (_, n) => {
    const text = said[n % said.length] ?? said[0]
    const at = now - (400 - n) * 41_000
    return {
      at,
      stream: 'stderr',
      cut: false,
      level: /^(ERROR|FATAL)/.test(text) ? 'error' : /^WARN/.test(text) ? 'warning' : 'info',
      text: `[${n}] ${text}`,
    }
  }),
}
