import { describe, expect, it } from 'vitest'
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
    expect(count('unit', 1, report(3, 2))).toEqual({ passed: 3, failed: 2, skipped: 2 })
  })

  it('counts a file that could not be loaded as one failure', () => {
    const broken = { status: 'failed', assertionResults: [] }
    const failing = { status: 'failed', assertionResults: [{}] }
    expect(count('unit', 1, report(3, 1, broken, failing)).failed).toBe(2)
  })

  it('does not let a failure outside of any test pass', () => {
    expect(count('unit', 1, report(3, 0)).failed).toBe(1)
    expect(count('unit', 0, report(3, 0)).failed).toBe(0)
  })

  it('counts a suite that ended without a report as one failure', () => {
    expect(count('unit', 0, undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
