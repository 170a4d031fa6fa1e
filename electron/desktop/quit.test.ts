import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { JobView } from '../../shared/contract/jobs.ts'
import { aJob } from './desktop-test-things.ts'
import { createQuit, type QuitAnswer } from './quit.ts'

const job = aJob(1, { title: 'Create shop', hostName: 'attic' })

interface Situation {
  jobs?: JobView[]
  /** To every question, but for the first ones, which have `answers` of their own. */
  answer?: QuitAnswer
  answers?: QuitAnswer[]
  close?: () => Promise<void>
}

/** An app that ends as Electron's does: quit() asks by before-quit, and goes when nobody objects. */
function openApp(situation: Situation = {}) {
  const { jobs = [], answer = 'now', answers = [], close = async () => {} } = situation
  const told: string[] = []
  const asked: string[] = []
  const waited: (number | null)[] = []
  let ask: (event: { preventDefault(): void }) => void = () => undefined
  let timeIsUp: () => void = () => undefined
  const app = {
    on: (_event: 'before-quit', listener: typeof ask) => (ask = listener),
    quit() {
      const objections: true[] = []
      ask({ preventDefault: () => objections.push(true) })
      if (objections.length === 0) told.push('gone')
    },
    exit: (code: number) => told.push(`exit ${code}`),
  }
  const quit = createQuit({
    app,
    clock: {
      now: () => 0,
      sleep: (_ms, signal) =>
        new Promise((resolve, reject) => {
          timeIsUp = resolve
          signal?.addEventListener('abort', () => reject(new Error('no longer')))
        }),
    },
    log: {
      info: () => undefined,
      warn: (message) => told.push(message),
      error: (message) => told.push(message),
    },
    runningJobs: () => jobs,
    ask: async (running) => {
      asked.push(...running.map(({ title }) => title))
      return answers.shift() ?? answer
    },
    onWaiting: (running) => waited.push(running),
    close: async () => {
      told.push('closing')
      await close()
    },
  })
  return { app, quit, told, asked, waited, timeIsUp: () => timeIsUp() }
}

describe('quitting', () => {
  it('closes everything, then goes, without a question where nothing runs', async () => {
    const { app, told, asked, quit } = openApp()
    app.quit()
    expect(quit.ending()).toBe(true)
    await turn()
    expect(told).toEqual(['closing', 'gone'])
    expect(asked).toEqual([])
  })

  it('asks where a job runs, and goes when the user is sure', async () => {
    const { app, told, asked } = openApp({ jobs: [job] })
    app.quit()
    app.quit()
    await turn()
    expect(asked).toEqual(['Create shop'])
    expect(told).toEqual(['closing', 'gone'])
  })

  it('stays when the user is not, and can be asked again', async () => {
    const { app, told, asked, quit } = openApp({ jobs: [job], answer: 'stay' })
    app.quit()
    await turn()
    expect(quit.ending()).toBe(false)
    app.quit()
    await turn()
    expect(asked).toHaveLength(2)
    expect(told).toEqual([])
  })

  it('waits for what runs where the user wants that, then goes', async () => {
    const jobs = [job]
    const { app, told, timeIsUp } = openApp({ jobs, answer: 'when-done' })
    app.quit()
    await turn()
    expect(told).toEqual([])
    jobs.pop()
    timeIsUp()
    await turn()
    expect(told).toEqual(['closing', 'gone'])
  })

  it('tells what it waits for, and stays where the user takes it back', async () => {
    const jobs = [job, aJob(2)]
    const { app, quit, told, waited, timeIsUp } = openApp({ jobs, answer: 'when-done' })
    app.quit()
    await turn()
    jobs.pop()
    timeIsUp()
    await turn()
    quit.stay()
    jobs.pop()
    timeIsUp()
    await turn()
    expect(waited).toEqual([2, 1, null])
    expect(told).toEqual([])
    expect(quit.ending()).toBe(false)
  })

  it('that is asked for again no longer waits: the newest answer counts', async () => {
    const jobs = [job]
    const answers: QuitAnswer[] = ['when-done', 'stay']
    const { app, told, asked, timeIsUp } = openApp({ jobs, answers })
    app.quit()
    await turn()
    app.quit()
    await turn()
    jobs.pop()
    timeIsUp()
    await turn()
    expect(asked).toHaveLength(2)
    expect(told).toEqual([])
  })

  it('for an update installs it last of all', async () => {
    const { quit, told, asked } = openApp({ jobs: [job] })
    quit.with(() => told.push('installing'))
    await turn()
    expect(asked).toEqual(['Create shop'])
    expect(told).toEqual(['closing', 'installing'])
  })

  it('for an update is forgotten where the user stays: the next end is a plain one', async () => {
    const { app, quit, told } = openApp({ jobs: [job], answers: ['stay', 'when-done', 'now'] })
    quit.with(() => told.push('installing'))
    await turn()
    quit.with(() => told.push('installing'))
    await turn()
    app.quit()
    await turn()
    expect(told).toEqual(['closing', 'gone'])
  })

  it('asks nobody when the system wants it', async () => {
    const { quit, told, asked } = openApp({ jobs: [job], answer: 'stay' })
    quit.now()
    quit.now()
    await turn()
    expect(asked).toEqual([])
    expect(told).toEqual(['closing', 'gone'])
  })

  it('tells of a bug by its exit code', async () => {
    const { quit, told } = openApp()
    quit.now(1)
    await turn()
    expect(told).toEqual(['closing', 'exit 1'])
  })

  it('goes in spite of what can’t be closed, and says so', async () => {
    const { app, told } = openApp({ close: () => Promise.reject(new Error('no')) })
    app.quit()
    await turn()
    expect(told).toEqual(['closing', 'not everything could be closed', 'gone'])
  })

  it('waits for what hangs, but not for ever', async () => {
    const { app, told, timeIsUp } = openApp({ close: () => new Promise(() => undefined) })
    app.quit()
    await turn()
    expect(told).toEqual(['closing'])
    timeIsUp()
    await turn()
    expect(told).toEqual(['closing', 'not everything could be closed in time', 'gone'])
  })
})
