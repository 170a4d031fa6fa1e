import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataHome } from './home.ts'

describe('dataHome', () => {
  it('is where the user says, as a whole path', () => {
    expect(dataHome({ QUAYSIDE_HOME: '/srv/q' }, 'linux', '/home/ada')).toBe('/srv/q')
    expect(dataHome({ QUAYSIDE_HOME: 'q' }, 'linux', '/home/ada')).toBe(resolve('q'))
  })

  it('keeps to the place each system has for data', () => {
    const home = '/home/ada'
    expect(dataHome({}, 'linux', home)).toBe(join(home, '.local', 'share', 'quayside'))
    expect(dataHome({ XDG_DATA_HOME: '/data' }, 'linux', home)).toBe(join('/data', 'quayside'))
    expect(dataHome({}, 'darwin', home)).toBe(
      join(home, 'Library', 'Application Support', 'Quayside'),
    )
    expect(dataHome({ APPDATA: '/roaming' }, 'win32', home)).toBe(join('/roaming', 'Quayside'))
    expect(dataHome({}, 'win32', home)).toBe(join(home, 'AppData', 'Roaming', 'Quayside'))
  })

  it('takes a variable set to nothing as not set', () => {
    expect(dataHome({ QUAYSIDE_HOME: '', XDG_DATA_HOME: '' }, 'linux', '/home/ada')).toBe(
      join('/home/ada', '.local', 'share', 'quayside'),
    )
  })
})
