import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { chromium, type Page } from 'playwright'
import react from '@vitejs/plugin-react'
import { build, preview, type InlineConfig } from 'vite'
import type { Scenario } from './scenarios.ts'

/** One picture of the window. */
export interface Shot {
  name: string
  /** Of the page, behind the `#`. */
  path: string
  scenario?: Scenario
  /** What is done before it is taken. */
  act?: (page: Page) => Promise<unknown>
}

type Scheme = 'light' | 'dark'

interface ShotOptions<S extends Shot> {
  size: { width: number; height: number }
  /** Both by default. */
  schemes?: readonly Scheme[] | undefined
  fileOf(shot: S, scheme: Scheme): string
  /** What the page’s clock says when it opens; the present by default. */
  at?: string
  /** Makes the file of what was taken. */
  pack?: (png: Buffer) => Buffer
}

// Several may take pictures at once: each has its own port, and its own folder.
const port = 20_000 + (process.pid % 20_000)
const built = `out/preview-${process.pid}`

// Built, not served from source: only then does the page run under the app's own content security policy.
const config: InlineConfig = {
  configFile: false,
  logLevel: 'error',
  root: 'test/preview',
  plugins: [react()],
  build: { outDir: `../../${built}`, emptyOutDir: true, target: 'chrome130' },
  preview: { port, strictPort: true, host: '127.0.0.1' },
}

/** Takes pictures of the window’s screens, which show invented data. */
export async function takeShots<S extends Shot>(
  shots: readonly S[],
  { size, schemes = ['light', 'dark'], fileOf, at, pack = (png) => png }: ShotOptions<S>,
): Promise<void> {
  await build(config)
  const server = await preview(config)
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    for (const colorScheme of schemes) {
      const context = await browser.newContext({
        viewport: size,
        colorScheme,
        ...(at !== undefined && { timezoneId: 'Europe/Berlin' }),
      })
      const page = await context.newPage()
      if (at !== undefined) await page.clock.install({ time: at })
      page.on('pageerror', (error) => console.error('page error:', error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') console.error('console:', message.text())
      })
      for (const shot of shots) {
        const file = fileOf(shot, colorScheme)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, pack(await take(page, shot)))
      }
      await context.close()
    }
  } finally {
    await browser.close()
    await server.close()
    await rm(built, { recursive: true, force: true })
  }
}

async function take(page: Page, { name, path, scenario = 'usual', act }: Shot): Promise<Buffer> {
  await page.goto(`http://127.0.0.1:${port}/?scenario=${scenario}&t=${name}#${path}`)
  await page.waitForLoadState('networkidle')
  try {
    await act?.(page)
  } catch (error) {
    console.error(name, String(error).slice(0, 300))
  }
  await page.waitForTimeout(450)
  return page.screenshot()
}
