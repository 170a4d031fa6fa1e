import { Transform } from 'node:stream'

/**
 * A stage that lets bytes through and holds back the end until it is known that they are whole. A
 * destination completes an object when its stream ends; a check after that comes too late.
 */
export function gate(isWhole: () => Promise<void>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      next(null, chunk)
    },
    flush(done) {
      isWhole().then(
        () => done(),
        (thrown: unknown) => done(thrown instanceof Error ? thrown : new Error(String(thrown))),
      )
    },
  })
}
