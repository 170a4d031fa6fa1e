// A process of its own that asks the keychain: the native library keeps the bus it first found.
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { createSecrets } from '../../electron/adapters/keychain/index.ts'
import { toErrorData } from '../../shared/errors.ts'

const task = z
  .object({ home: z.string(), calls: z.array(z.array(z.string())) })
  .parse(JSON.parse(await text(process.stdin)))

const clock = createClock()
const secrets = createSecrets({ home: task.home, service: 'Quayside', clock })

const call = ([what, key = '', value = '']: string[]): Promise<unknown> => {
  if (what === 'status') return secrets.status()
  if (what === 'get') return secrets.get(key)
  if (what === 'set') return secrets.set(key, value)
  if (what === 'delete') return secrets.delete(key)
  const keys = Array.from({ length: 25 }, (_, index) => `together/${String(index)}`)
  return Promise.all(keys.map((each) => secrets.set(each, each)))
    .then(() => Promise.all(keys.map((each) => secrets.get(each))))
    .then((values) => Promise.all(keys.map((each) => secrets.delete(each))).then(() => values))
}

const answers: unknown[] = []
for (const each of task.calls) {
  const began = clock.now()
  const answer = await call(each).then(
    (value) => ({ value: value ?? null }),
    (error: unknown) => ({ error: toErrorData(error) }),
  )
  answers.push({ ...answer, ms: clock.now() - began })
}
process.stdout.write(JSON.stringify(answers), () => process.exit(7))
