import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Tests start hundreds of programs from their sources: compiled once for all, one starts in a third of the time.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compile')

// Suites against the lab share its hosts, and a fault in one must not meet a test of another: one
// file at a time. A wait for something real (a pull, a database's first start) takes its time.
const againstTheLab = {
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 300_000,
  teardownTimeout: 60_000,
  // What comes soon comes later on a machine that does other things too.
  expect: { poll: { timeout: 10_000 } },
}

// For who changes the lab, by `npx vitest run --project lab`: all other suites stand on what it proves.
const ofTheLab = 'test/lab/lab.test.ts'

export default defineConfig({
  test: {
    // All processors: suites that may not run side by side say so below.
    maxWorkers: '100%',
    retry: 0,
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Modules are loaded once and not for each file; nothing here changes what others see.
          isolate: false,
          // Some start real programs, and a machine may be busy.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: [
            '{electron,shared,renderer,scripts}/**/*.test.{ts,tsx}',
            'test/architecture.test.ts',
            'test/contract/*.test.{ts,tsx}',
          ],
        },
      },
      {
        extends: true,
        test: {
          // One file per plug-in, each over the real protocol of what it plugs in.
          name: 'conformance',
          testTimeout: 30_000,
          hookTimeout: 60_000,
          include: ['test/conformance/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          ...againstTheLab,
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/lab/**/*.test.ts'],
          exclude: [ofTheLab],
          globalSetup: 'test/setup/lab.ts',
        },
      },
      {
        extends: true,
        test: {
          ...againstTheLab,
          name: 'lab',
          include: [ofTheLab],
          globalSetup: 'test/setup/lab.ts',
        },
      },
      {
        extends: true,
        test: {
          ...againstTheLab,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: 'test/setup/lab.ts',
        },
      },
      {
        extends: true,
        test: {
          ...againstTheLab,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/setup/lab.ts', 'test/setup/window.ts'],
        },
      },
    ],
  },
})
