import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createSecretClipboard } from './secret-clipboard.ts'

/** A clipboard in memory and a minute that passes when a test says so. */
function open() {
  let lies = ''
  const minutes: (() => void)[] = []
  const clipboard = createSecretClipboard({
    board: {
      async write(text) {
        lies = text
      },
      read: async () => lies,
      clear: () => (lies = ''),
    },
    clock: {
      now: () => 0,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          expect(ms).toBe(60_000)
          minutes.push(resolve)
          signal?.addEventListener('abort', () => reject(new Error('no longer')))
        }),
    },
    log: { info: () => undefined, warn: () => undefined, error: (message) => expect.fail(message) },
  })
  return {
    clipboard,
    lies: () => lies,
    put: (text: string) => (lies = text),
    async passMinute(which = 0) {
      minutes[which]?.()
      await turn()
    },
  }
}

it('takes a secret away after a minute', async () => {
  const { clipboard, lies, passMinute } = open()
  await clipboard.writeSecret('hunter2')
  expect(lies()).toBe('hunter2')
  await passMinute()
  expect(lies()).toBe('')
})

it('leaves alone what someone else has put there since', async () => {
  const { clipboard, lies, put, passMinute } = open()
  await clipboard.writeSecret('hunter2')
  put('a shopping list')
  await passMinute()
  expect(lies()).toBe('a shopping list')
})

it('gives the newest secret its own whole minute', async () => {
  const { clipboard, lies, passMinute } = open()
  await clipboard.writeSecret('one')
  await clipboard.writeSecret('two')
  await passMinute(0)
  expect(lies()).toBe('two')
  await passMinute(1)
  expect(lies()).toBe('')
})

it('takes it away at the end, once', async () => {
  const { clipboard, lies, put, passMinute } = open()
  await clipboard.writeSecret('hunter2')
  await clipboard.forget()
  expect(lies()).toBe('')
  put('hunter2')
  await clipboard.forget()
  await passMinute()
  expect(lies()).toBe('hunter2')
})
