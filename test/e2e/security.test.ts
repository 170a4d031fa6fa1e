import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { repository } from '../../scripts/program.ts'
import { launch, type LaunchedApp } from './launch.ts'

/** Time enough for a frame, a script or a navigation to begin if anything let it. */
const moment = 250

let launched: LaunchedApp
beforeAll(async () => {
  launched = await launch({ electron: inject('electron') })
})
afterAll(async () => {
  await launched.close()
})

/** What a script of the page would get from this expression: its value as text, or the name of what it throws. */
function attempt(expression: string): Promise<{ value: string } | { error: string }> {
  // In a task of its own: during an evaluation a debugger is allowed what the page is not.
  return launched.page.evaluate(`new Promise((resolve) => setTimeout(async () => {
    try {
      resolve({ value: String(await (async () => (${expression}))()) })
    } catch (thrown) {
      resolve({ error: thrown?.name ?? String(thrown) })
    }
  }))`)
}

async function reload(): Promise<void> {
  await launched.page.reload()
  await launched.page.locator('nav').first().waitFor()
}

describe('a tour of the window', () => {
  it('violates no policy and leaves no error on the console', async () => {
    const { page, problems } = launched
    for (const place of [
      '/databases',
      '/databases/new',
      '/hosts',
      '/hosts/new',
      '/activity',
      '/x',
    ]) {
      await page.evaluate((hash) => {
        window.location.hash = hash
      }, place)
      await page.waitForTimeout(moment)
      await page.keyboard.press('Control+Shift+L')
    }
    expect(problems).toEqual([])
  })
})

describe('the page', () => {
  it.each(['require', 'process', 'module', 'exports', 'Buffer', 'global', 'electron', '__dirname'])(
    'knows no %s',
    async (name) => {
      expect(await attempt(`typeof ${name}`)).toEqual({ value: 'undefined' })
    },
  )

  it('has one bridge, which it can neither change nor replace', async () => {
    expect(await attempt(`Object.keys(quayside).sort().join()`)).toEqual({
      value: 'drawn,invoke,on,platform',
    })
    expect(await attempt(`Object.isFrozen(quayside)`)).toEqual({ value: 'true' })
    await attempt(`(window.quayside = { hijacked: true })`)
    await attempt(`Object.defineProperty(window, 'quayside', { value: { hijacked: true } })`)
    expect(await attempt(`quayside.hijacked`)).toEqual({ value: 'undefined' })
  })

  it('runs with the safe settings', async () => {
    const settings = await launched.app.evaluate(({ webContents }) => {
      // Not among the declared methods, but the only way to see what is really in force.
      const [contents] = webContents.getAllWebContents() as unknown as [
        { getLastWebPreferences(): Record<string, unknown> },
      ]
      return contents.getLastWebPreferences()
    })
    expect(settings).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
    })
  })
})

describe('code from a text', () => {
  afterEach(reload)

  it.each([
    ['eval', `eval('1')`],
    ['new Function', `new Function('return 1')()`],
    ['an async function’s maker', `(async () => 0).constructor('return 1')()`],
    ['WebAssembly', `WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))`],
    ['a script from elsewhere', `import('https://example.com/a.js')`],
    ['a script in an address', `import('data:text/javascript,export const a = 1')`],
    [
      'a script in a blob',
      `import(URL.createObjectURL(new Blob([''], { type: 'text/javascript' })))`,
    ],
    [
      'a worker in a blob',
      `new Promise((resolve, reject) => {
      const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))
      worker.onmessage = resolve
      worker.onerror = reject
    })`,
    ],
    ['a service worker', `navigator.serviceWorker.register('/index.js')`],
  ])('is not run by %s', async (_how, expression) => {
    expect(await attempt(expression)).toHaveProperty('error')
  })

  it.each([
    ['a timer', `setTimeout('window.hit = 1')`],
    [
      'an inline script',
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hit = 1' }))`,
    ],
    [
      'a script in an address',
      `document.body.append(Object.assign(document.createElement('script'), { src: 'data:text/javascript,window.hit = 1' }))`,
    ],
    [
      'a handler in an attribute',
      `(document.body.setAttribute('onclick', 'window.hit = 1'), document.body.click())`,
    ],
    ['a picture’s error', `(document.body.innerHTML = '<img src=x onerror="window.hit = 1">')`],
    [
      'a javascript: link',
      `document.body.appendChild(Object.assign(document.createElement('a'), { href: 'javascript:window.hit = 1' })).click()`,
    ],
    [
      'a frame’s document',
      `document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: '<script>parent.hit = 1</script>' }))`,
    ],
  ])('is not run by %s', async (_how, expression) => {
    await attempt(expression)
    await launched.page.waitForTimeout(moment)
    expect(await attempt('window.hit')).toEqual({ value: 'undefined' })
  })
})

describe('the network and the disk', () => {
  afterEach(reload)

  it.each([
    ['fetch', `fetch('https://example.com/')`],
    ['fetch of this computer', `fetch('http://127.0.0.1:2375/')`],
    ['fetch of a file', `fetch('file:///etc/passwd')`],
    ['fetch of the bundle', `fetch('app://bundle/../../package.json')`],
    [
      'an XMLHttpRequest',
      `new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.onload = resolve
      request.onerror = reject
      request.open('GET', 'https://example.com/')
      request.send()
    })`,
    ],
    [
      'a WebSocket',
      `new Promise((resolve, reject) => {
      const socket = new WebSocket('wss://example.com/')
      socket.onopen = resolve
      socket.onerror = reject
    })`,
    ],
    [
      'an event source',
      `new Promise((resolve, reject) => {
      const source = new EventSource('https://example.com/')
      source.onopen = resolve
      source.onerror = reject
    })`,
    ],
    [
      'a picture',
      `new Promise((resolve, reject) => {
      const image = new Image()
      image.onload = resolve
      image.onerror = reject
      image.src = 'https://example.com/a.png'
    })`,
    ],
    [
      'a style sheet',
      `new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement('link'), {
        rel: 'stylesheet', href: 'https://example.com/a.css', onload: resolve, onerror: reject,
      }))
    })`,
    ],
  ])('is not reached by %s', async (_how, expression) => {
    expect(await attempt(expression)).toHaveProperty('error')
  })

  it.each(['https://example.com/', 'file:///etc/passwd', 'data:text/html,hello', 'app://bundle/'])(
    'is not shown in a frame: %s',
    async (address) => {
      await attempt(
        `document.body.append(Object.assign(document.createElement('iframe'), { src: '${address}' }))`,
      )
      await launched.page.waitForTimeout(moment)
      const [, ...inner] = launched.page.frames()
      expect(inner.map((frame) => frame.url())).not.toContain(address)
    },
  )

  it.each([
    'app://bundle/../../package.json',
    'app://bundle/..%2f..%2fpackage.json',
    'app://bundle/%2e%2e/%2e%2e/package.json',
    'app://bundle/../main/main.js',
    'app://bundle/..%2fmain%2fmain.js',
    'app://bundle/assets',
    'app://other/index.html',
  ])('holds nothing at %s', async (address) => {
    expect(existsSync(join(repository, 'out/main/main.js'))).toBe(true)
    const fetched = (url: string) =>
      launched.app.evaluate(
        ({ session }, wanted) =>
          session.defaultSession.fetch(wanted).then(
            ({ status }) => status,
            (thrown: unknown) => String(thrown),
          ),
        url,
      )
    expect(await fetched('app://bundle/index.html')).toBe(200)
    expect(await fetched(address)).toContain('ERR_FILE_NOT_FOUND')
  })

  it('says of every file what it is and what it may', async () => {
    const headers = await launched.app.evaluate(async ({ session }) => {
      const { headers: sent } = await session.defaultSession.fetch('app://bundle/index.html')
      return Object.fromEntries(sent.entries())
    })
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toContain('unsafe-eval')
  })
})

describe('leaving the page', () => {
  afterEach(reload)
  const link = (more: string) =>
    `document.body.appendChild(Object.assign(document.createElement('a'), { ${more} })).click()`

  it.each([
    ['an address', `(location.href = 'https://example.com/')`],
    ['another address', `location.replace('https://example.com/')`],
    ['a file', `(location.href = 'file:///etc/passwd')`],
    ['a document in an address', `(location.href = 'data:text/html,hello')`],
    ['another page of ours', `(location.href = 'app://bundle/other.html')`],
    ['a link', link(`href: 'https://example.com/'`)],
    ['a link to a new window', link(`href: 'https://example.com/', target: '_blank'`)],
    [
      'a form',
      `document.body.appendChild(Object.assign(document.createElement('form'), { action: 'https://example.com/' })).submit()`,
    ],
    [
      'a refresh',
      `document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=https://example.com/' }))`,
    ],
    ['a new window', `window.open('https://example.com/')`],
    ['a new empty window', `window.open('about:blank')`],
    [
      'a webview',
      `document.body.append(Object.assign(document.createElement('webview'), { src: 'https://example.com/' }))`,
    ],
  ])('is not possible by %s', async (_how, expression) => {
    await attempt(expression)
    await launched.page.waitForTimeout(moment)
    expect(launched.page.url()).toMatch(/^app:\/\/bundle\/index\.html/)
    const open = await launched.app.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => contents.getURL()),
    )
    expect(open).toHaveLength(1)
  })

  it('is not possible for a file either: nothing is downloaded', async () => {
    await launched.app.evaluate(({ session }) => {
      const seen = globalThis as { items?: string[] }
      seen.items = []
      session.defaultSession.on('will-download', (event, item) => {
        seen.items?.push(`${String(event.defaultPrevented)} ${item.getState()}`)
      })
    })
    await attempt(link(`href: URL.createObjectURL(new Blob(['x'])), download: 'x.txt'`))
    await launched.page.waitForTimeout(moment)
    const items = await launched.app.evaluate(() => (globalThis as { items?: string[] }).items)
    expect(items?.every((item) => item.startsWith('true'))).toBe(true)
  })
})

describe('permissions', () => {
  it.each([
    ...['accelerometer', 'background-sync', 'camera', 'clipboard-read', 'clipboard-write'],
    ...['display-capture', 'geolocation', 'idle-detection', 'local-fonts', 'microphone', 'midi'],
    ...['notifications', 'payment-handler', 'persistent-storage', 'screen-wake-lock'],
    ...['storage-access', 'window-management'],
  ])('%s is denied', async (name) => {
    const state = await attempt(`(await navigator.permissions.query({ name: '${name}' })).state`)
    expect(state).toEqual({ value: 'denied' })
  })

  it.each([
    [
      'the place',
      `new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))`,
    ],
    ['the camera', `navigator.mediaDevices.getUserMedia({ video: true })`],
    ['the screen', `navigator.mediaDevices.getDisplayMedia()`],
    ['the clipboard', `navigator.clipboard.readText()`],
    ['a serial port', `navigator.serial.requestPort()`],
    ['a USB device', `navigator.usb.requestDevice({ filters: [] })`],
    ['a Bluetooth device', `navigator.bluetooth.requestDevice({ acceptAllDevices: true })`],
  ])('are not given for %s', async (_what, expression) => {
    expect(await attempt(expression)).toHaveProperty('error')
  })
})

describe('the door', () => {
  it('answers the window', async () => {
    expect(await attempt(`(await quayside.invoke('hosts.list', {})).ok`)).toEqual({ value: 'true' })
  })

  it.each(['{ constructor: { polluted: 1 } }', '{ extra: 1 }', '[]', 'undefined'])(
    'refuses an input as it really arrives: %s',
    async (input) => {
      const asked = `(await quayside.invoke('hosts.list', ${input})).error.code`
      expect(await attempt(asked)).toEqual({ value: 'invalid_input' })
    },
  )

  it.each(['app://bundle/index.html', 'about:blank'])(
    'refuses a window that the app has not made, at %s',
    async (address) => {
      const answer = await launched.app.evaluate(
        async ({ BrowserWindow, webContents }, { url, preload }) => {
          const [ours] = webContents.getAllWebContents()
          const window = new BrowserWindow({
            show: false,
            webPreferences: { preload, sandbox: true },
          })
          try {
            await window.loadURL(url)
            const asked = `quayside.invoke('hosts.list', {}).then((reply) => reply.ok, () => 'failed')`
            const ok: unknown = await window.webContents.executeJavaScript(asked)
            return [ours?.id !== window.webContents.id, ok]
          } finally {
            window.destroy()
          }
        },
        { url: address, preload: join(repository, 'out/preload/preload.cjs') },
      )
      expect(answer).toEqual([true, false])
    },
  )
})
