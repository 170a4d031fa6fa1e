// Takes the pictures that README.md and docs/ show, light and dark: `node test/preview/guide.ts [name…]`.
// They are of the window itself with invented data, at one moment, so that another run makes the same.
import { spawnSync } from 'node:child_process'
import { id } from './data.ts'
import { takeShots, type Shot } from './take-shots.ts'

const pictures: Shot[] = [
  {
    name: 'database',
    path: `/databases/${id(101)}`,
    act: (page) => page.locator('.recharts-area').nth(3).waitFor(),
  },
  {
    name: 'backups',
    path: '/backups',
    act: (page) => page.getByRole('row', { name: /^shop, Production/ }).focus(),
  },
  { name: 'copies', path: `/backups/${id(101)}` },
  { name: 'schedule', path: `/backups/schedules/${id(850)}` },
  { name: 'restore', path: `/backups/restore/${id(900)}/${id(801)}` },
  { name: 'restored', path: `/backups/restored/${id(530)}/${id(900)}` },
]

/** A third of the size, and no difference that one sees; without the program the picture as it is. */
function pack(png: Buffer): Buffer {
  const ran = spawnSync('pngquant', ['--speed', '1', '--quality', '80-100', '-'], {
    input: png,
    maxBuffer: 2 ** 24,
  })
  if (ran.status === 0) return ran.stdout
  console.error('pngquant is missing: the picture stays as it was taken.')
  return png
}

const only = process.argv.slice(2)
await takeShots(
  pictures.filter(({ name }) => only.length === 0 || only.includes(name)),
  {
    size: { width: 1280, height: 800 },
    at: '2026-11-21T12:38:20Z',
    fileOf: ({ name }, scheme) => `docs/images/${name}-${scheme}.png`,
    pack,
  },
)
