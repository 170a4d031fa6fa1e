import * as z from 'zod'
import { keychainUnavailable } from './keychain-error.ts'

/**
 * The calls we use. `findCredentials` is left out on purpose: on Linux it takes the whole process
 * down when the unlock prompt is cancelled (https://github.com/atom/node-keytar/issues/477).
 */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}

const callable = <F>(): z.ZodType<F> => z.custom<F>((value) => typeof value === 'function')

const keytarModule = z.object({
  default: z.object({
    getPassword: callable<Keytar['getPassword']>(),
    setPassword: callable<Keytar['setPassword']>(),
    deletePassword: callable<Keytar['deletePassword']>(),
  }),
})

/**
 * Loads the native library when it is first needed: without libsecret on the machine it can't be.
 * @throws QuaysideError `keychain_unavailable`
 */
export async function loadKeytar(): Promise<Keytar> {
  try {
    return keytarModule.parse(await import('@github/keytar')).default
  } catch (error) {
    throw keychainUnavailable(error)
  }
}
