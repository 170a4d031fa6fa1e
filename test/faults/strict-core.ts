import { contract } from '../../shared/contract/index.ts'
import type { Method } from '../../shared/contract/method.ts'
import type { Core } from '../../electron/domain/core.ts'

type Act = (...given: unknown[]) => Promise<unknown>
const methods: Readonly<Record<string, Method>> = contract

/**
 * A core whose answers are held against the contract, as the door to the window does it: an answer with
 * more in it than was agreed has the right type all the same.
 */
export function strictCore(core: Core): Core {
  return new Proxy(core, {
    get(target, noun, receiver) {
      const service: unknown = Reflect.get(target, noun, receiver)
      return typeof service === 'object' && service !== null
        ? strict(String(noun), service)
        : service
    },
  })
}

function strict(noun: string, service: object): object {
  return new Proxy(service, {
    get(target, verb, receiver) {
      const act: unknown = Reflect.get(target, verb, receiver)
      const output = methods[`${noun}.${String(verb)}`]?.output
      if (output === undefined || typeof act !== 'function') return act
      return async (...given: unknown[]) => output.parse(await (act as Act)(...given))
    },
  })
}
