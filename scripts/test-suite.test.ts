import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from './program.ts'
import { count } from './test-suite.ts'

const report = (numPassedTests: number, numFailedTests: number, ...files: object[]): string =>
  JSON.stringify({
    numPassedTests,
    numFailedTests,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: files,
  })

describe('count', () => {
  it('takes the numbers of the report', () => {
    expect(count('unit', 1, report(3, 2))).toMatchObject({ passed: 3, failed: 2, skipped: 2 })
  })

  it('counts a file that could not be loaded as one failure', () => {
    const name = join(repository, 'a.test.ts')
    const broken = { name, status: 'failed', message: 'no such module', assertionResults: [] }
    const tests = [
      { status: 'failed', fullName: 'a b', failureMessages: ['Error: c\n at d'] },
      { status: 'passed', fullName: 'e', failureMessages: [] },
    ]
    const failing = { name, status: 'failed', message: '', assertionResults: tests }
    expect(count('unit', 1, report(3, 1, broken, failing))).toMatchObject({
      failed: 2,
      failures: ['unit: a.test.ts: no such module', 'unit: a.test.ts: a b: Error: c'],
    })
  })

  it('does not let a failure outside of any test pass', () => {
    expect(count('unit', 1, report(3, 0)).failed).toBe(1)
    expect(count('unit', 0, report(3, 0)).failed).toBe(0)
  })

  it('counts a suite that ended without a report as one failure', () => {
    expect(count('unit', 0, undefined)).toMatchObject({ passed: 0, failed: 1, skipped: 0 })
  })
})
