import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Core } from '../../electron/domain/core.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { LogNews } from '../../shared/contract/logs.ts'
import { coreOnLab, create, discard, expectDone, type CoreOnLab } from '../faults/core-on-lab.ts'
import type { Lab } from '../lab/lab.ts'

// What a database's container writes, as the window follows it, over the lab.

describe('the log of a database', { timeout: 60_000 }, () => {
  let rig: CoreOnLab
  let lab: Lab
  let core: Core
  let id: DatabaseId
  let container = ''
  let user = ''
  let database = ''
  let news: LogNews[] = []
  let file = ''
  const name = `logs-${Math.random().toString(36).slice(2, 8)}`
  /** What the server wrote, without the beginning of its lines. */
  const texts = () =>
    news.flatMap(({ lines }) => lines).map(({ text }) => text.replace(/^.*? LOG: {2}/, ''))
  const states = () => news.map(({ state }) => state)
  /** Lets the server write, and nothing beside what is asked for. */
  const say = async (statements: string) => {
    const quiet = '-c log_error_verbosity=terse -c log_min_error_statement=panic'
    const client = ['psql', '-U', user, '-d', database, '-Xqc', `do $$ begin ${statements} end $$`]
    const args = ['exec', '--env', `PGOPTIONS=${quiet}`, container, ...client]
    const { code, stderr } = await lab.docker('h1', args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  }
  const write = (...lines: string[]) =>
    say(lines.map((line) => `raise log '%', '${line}';`).join(' '))
  const follow = (tail: number) => {
    news = []
    const ended = core.logs.follow({
      databaseId: id,
      follower: 'test',
      follow: true,
      tail,
      since: null,
    })
    return async () => {
      await core.logs.unfollow({ follower: 'test' })
      return ended
    }
  }

  beforeAll(async () => {
    rig = await coreOnLab({
      files: {
        async save(_name, pieces) {
          for await (const piece of pieces) file += piece
          return true
        },
      },
    })
    ;({ core, lab } = rig)
    core.watch()
    core.onEvent((event) => {
      if (event.type === 'log') news.push(event.news)
    })
    const created = await create(rig, name)
    id = created.id
    await expectDone(core, created.jobId)
    const view = (await core.databases.list({})).find((each) => each.id === id)
    if (view === undefined) throw new Error('The database is not listed.')
    container = view.containerName
    user = view.user
    database = view.database
  }, 90_000)

  afterAll(async () => {
    await lab.fault.proxy.clear('h1')
    await discard(core, id, name)
    await rig.close()
  }, 60_000)

  it('begins with its newest lines and goes on with new ones', async () => {
    await write('first', 'second', 'third')
    const stop = follow(2)
    await expect.poll(texts).toEqual(['second', 'third'])
    await write('\u001b[31mred\u001b[0m, and a bell\u0007')
    await expect.poll(texts).toEqual(['second', 'third', 'red, and a bell'])
    const [line] = news.flatMap(({ lines }) => lines).filter(({ level }) => level === 'info')
    expect(line).toMatchObject({ stream: 'stderr', cut: false })
    expect(Math.abs((line?.at ?? 0) - Date.now())).toBeLessThan(30_000)
    expect(await stop()).toEqual({ lines: 3 })
    await write('nobody reads this')
    expect(texts()).toHaveLength(3)
  })

  it('has no password in it, also where the server wrote it', async () => {
    const { password } = await core.databases.reveal({ id })
    await write(`it is ${password}, or ${encodeURIComponent(password)}`)
    const stop = follow(1)
    await expect.poll(texts).toEqual(['it is [redacted], or [redacted]'])
    await stop()
  })

  it('goes on after a lost link without a gap and without a line twice', async () => {
    await write('before')
    const stop = follow(1)
    await expect.poll(texts).toEqual(['before'])
    await lab.fault.proxy.cut('h1', { refuse: true })
    await expect.poll(() => states().at(-1), { timeout: 15_000 }).toBe('waiting')
    expect(news.at(-1)?.error?.message).toBeTruthy()
    const missed = Array.from({ length: 30 }, (_, n) => `missed ${n}`)
    await write(...missed)
    await lab.fault.proxy.clear('h1')
    await expect.poll(texts, { timeout: 15_000 }).toEqual(['before', ...missed])
    expect(states().at(-1)).toBe('following')
    await write('after')
    await expect.poll(texts).toEqual(['before', ...missed, 'after'])
    expect(await stop()).toEqual({ lines: 32 })
  })

  it('is handed over ten times a second at most, whole and in order', async () => {
    const stop = follow(0)
    await expect.poll(states).toEqual(['following'])
    await say(`for n in 1..30000 loop raise log '%', n; end loop;`)
    await expect.poll(() => texts().at(-1), { timeout: 20_000 }).toBe('30000')
    expect(texts()).toEqual(Array.from({ length: 30_000 }, (_, n) => String(n + 1)))
    expect(news.every(({ lines }) => lines.length <= 10_000)).toBe(true)
    await stop()
  })

  it('says that the server is stopped, and goes on when it runs again', async () => {
    const stop = follow(1)
    await expect.poll(texts).toEqual(['30000'])
    await expectDone(core, (await core.databases.restart({ id })).jobId)
    await expect
      .poll(() => texts().filter((text) => text.includes('ready to accept')), { timeout: 15_000 })
      .toHaveLength(1)
    await stop()
  })

  it('is saved whole, line by line with its time', async () => {
    const { saved, lines } = await core.logs.download({ databaseId: id })
    expect(saved).toBe(true)
    expect(file.split('\n')).toHaveLength(lines + 1)
    expect(file).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z .* LOG: {2}before$/m)
    expect(file).toMatch(/LOG: {2}after\n/)
  })

  // The last one: from here on the container is another.
  it('says at once that none is kept, and why, where Docker was told to keep none', async () => {
    const docker = async (...args: string[]) => {
      const { code, stdout, stderr } = await lab.docker('h1', args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return stdout.trim()
    }
    const format = '{{json .Config.Labels}}|{{(index .Mounts 0).Name}}|{{.Config.Image}}'
    const found = await docker('inspect', '--format', format, container)
    const [labels = '', volume = '', image = ''] = found.split('|')
    await docker('rm', '-f', container)
    await docker(
      ...['run', '-d', '--name', container, '--log-driver', 'none'],
      ...Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(labels))).flatMap(
        ([label, value]) => ['--label', `${label}=${value}`],
      ),
      ...['--volume', `${volume}:/var/lib/postgresql/data`, image],
    )
    const why = {
      code: 'docker_failed',
      message: 'Docker keeps no log of this container.',
      hint: expect.stringContaining('Its logging driver is “none”') as string,
    }
    news = []
    const ask = (follow: boolean) =>
      core.logs.follow({ databaseId: id, follower: 'test', follow, tail: 10, since: null })
    await expect(ask(true)).rejects.toMatchObject(why)
    const told = news.length
    await expect(ask(false)).rejects.toMatchObject(why)
    await expect(core.logs.download({ databaseId: id })).rejects.toMatchObject(why)
    // What comes behind the end would make the window take it for a log that is open and silent.
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(news).toHaveLength(told)
  })
})
