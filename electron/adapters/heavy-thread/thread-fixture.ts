// What the thread runs in the tests of its adapter: each secret it is asked for tells it what to do.
import { joinMainThread } from './inside.ts'

const { home, owner, secrets, onSecretsReady, onStop } = joinMainThread()
const seen: string[] = []
const { get, set } = secrets({ add: (secret) => seen.push(secret) })

onSecretsReady(() => void set('ready', owner))
onStop(() => set('stopped', owner))
if ((await get('order')) === 'break') throw new Error('broken on purpose')
const refusal = await get('refused').catch((thrown: unknown) => thrown)
await set('report', JSON.stringify({ home, owner, seen, refusal }))
