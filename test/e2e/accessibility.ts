import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright'
import { expect } from 'vitest'

type Axe = { run(context: object, options: object): Promise<AxeResults> }

const graveImpacts: readonly unknown[] = ['serious', 'critical']
/** Axe’s rules that look at colours: all that another theme can change. */
const ofColours = ['color-contrast', 'link-in-text-block']

/**
 * What axe finds to be serious or critical on the screen as it stands, a line for each element.
 * axe-core is the engine that browsers' own accessibility audits use. It comes in by the driver: the
 * window's policy lets no script in that is not the app's.
 */
async function seriousFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  const there = await page.evaluate(() => Reflect.has(window, 'axe'))
  if (!there) await page.evaluate(await axeSource())
  const { violations, passes } = await page.evaluate(async (runOnly) => {
    const axe = Reflect.get(window, 'axe') as Axe
    const found = await axe.run(document, {
      resultTypes: ['violations'],
      ...(runOnly !== undefined && { runOnly }),
    })
    return { violations: found.violations, passes: found.passes.length }
  }, rules)
  // A page on which nothing could be looked at has no faults either.
  if (passes === 0) throw new Error('axe found nothing to look at.')
  return violations
    .filter(({ impact }) => graveImpacts.includes(impact))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) =>
        [id, help, target.join(' '), failureSummary?.replaceAll(/\s+/g, ' ')].join(' | '),
      ),
    )
}

/**
 * What axe finds on the screen as it stands in the light, and of colours in the dark, each line with its
 * theme. The window is left in the light.
 */
export async function faultsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
    const faults = await seriousFaults(page, colorScheme === 'dark' ? ofColours : undefined)
    found.push(...faults.map((fault) => `${colorScheme}: ${fault}`))
  }
  return found
}

/** The screen as it stands has no serious fault, see `faultsInBothThemes`. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await faultsInBothThemes(page)).toEqual([])
}

let source: Promise<string> | undefined
function axeSource(): Promise<string> {
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  return source
}
