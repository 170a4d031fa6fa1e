import { expect, it } from 'vitest'
import type { ErrorData } from '../../../shared/errors.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someHost } from '../cli-test-things.ts'

const refusal: ErrorData = { code: 'login_refused', message: 'ams-1 refused this password.' }

it('host check tells the step that fails, and does not knock once more by itself', async () => {
  const { status, ...host } = someHost()
  const core: CoreParts = {
    secrets: { status: ready },
    hosts: {
      list: () =>
        Promise.resolve([{ ...host, status: { ...status, state: 'refused', error: refusal } }]),
      check: ({ checkId }) =>
        Promise.resolve({
          checkId,
          ok: false,
          unknownKey: null,
          steps: [
            {
              name: 'login',
              state: 'failed',
              title: 'Log in as root',
              fact: null,
              ms: 1,
              error: refusal,
            },
          ],
        }),
    },
  }
  const { code, stderr } = await runOn({ core }, 'host', 'check', 'ams-1')
  expect(stderr).toContain('ams-1 refused this password.')
  expect(code).not.toBe(0)
  expect(stderr).not.toContain('is no part of this test')
})

function ready() {
  return Promise.resolve({ place: 'keychain' as const, state: 'ready' as const, error: null })
}
