import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bundleFile } from './bundle-file.ts'

const folder = join('/opt', 'quayside', 'renderer')

describe('bundleFile', () => {
  it('finds the files of the bundle, with their type', () => {
    const page = { path: join(folder, 'index.html'), type: 'text/html; charset=utf-8' }
    expect(bundleFile(folder, 'app://bundle/')).toEqual(page)
    expect(bundleFile(folder, 'app://bundle/index.html#/databases')).toEqual(page)
    expect(bundleFile(folder, 'app://bundle/assets/main-a1.js?v=1')).toEqual({
      path: join(folder, 'assets', 'main-a1.js'),
      type: 'text/javascript; charset=utf-8',
    })
  })

  it.each([
    'app://other/index.html',
    'file:///opt/quayside/renderer/index.html',
    'https://bundle/index.html',
    'app://bundle/..%2f..%2f..%2fetc%2fpasswd.html',
    'app://bundle/%2e%2e%2f%2e%2e%2fsecret.html',
    'app://bundle/..%5c..%5csecret.html',
    'app://bundle/a%00.html',
    'app://bundle/%ff.html',
    'app://bundle/assets',
    'app://bundle/assets/',
    'app://bundle/main.js.map',
    'app://bundle/.env',
    'nonsense',
  ])('finds nothing by %s', (address) => {
    expect(bundleFile(folder, address)).toBeUndefined()
  })

  it('never leaves the folder', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '%2e%2e',
        '..%2f',
        '%5c',
        '%2f',
        '.',
        'a',
        'renderer',
        '%00',
        '//',
        'c:',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const found = bundleFile(folder, `app://bundle/${parts.join('/')}.html`)
        if (found) expect(found.path.startsWith(join(folder, '/'))).toBe(true)
      }),
    )
  })
})
