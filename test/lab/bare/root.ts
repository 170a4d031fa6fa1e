import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, say } from '../../../scripts/program.ts'
import { buildBase } from '../image-build.ts'
import { whole } from '../image-cache.ts'
import { baseKey, cacheFolder, hash } from '../image-sources.ts'
import { withLock } from '../lock.ts'

/** What a server has before anything is installed on it; `ip` is the lab's own need. */
const packages = ['openssh-server', 'sudo', 'iproute2']

/** A small Debian with sshd as a tar file; built once, from the base of the images. */
export async function ensureBareRoot(): Promise<string> {
  const cache = cacheFolder()
  const file = join(cache, `bare-${hash([baseKey(), packages])}.tar`)
  if (existsSync(file)) return file
  const wait = () => say('Another lab builds: waiting for it …')
  return withLock(join(cache, 'lock'), () => build(cache, file), wait)
}

async function build(cache: string, file: string): Promise<string> {
  if (existsSync(file)) return file
  say('Making the bare host (a small Debian with sshd) …')
  const base = join(cache, `base-${baseKey()}.tar`)
  if (!existsSync(base)) await whole(base, (draft) => buildBase(draft))
  await whole(file, async (draft) => {
    const folder = `${draft}.d`
    rmSync(folder, { recursive: true, force: true })
    await mustRun('mkdir', ['-p', folder])
    await mustRun('tar', ['-C', folder, '-xf', base])
    copyFileSync('/etc/resolv.conf', join(folder, 'etc/resolv.conf'))
    const script = `export DEBIAN_FRONTEND=noninteractive
      apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}
      apt-get clean; rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_*`
    await mustRun('setpriv', [
      ...['--pdeathsig', 'KILL', 'unshare', '-m', '-p', '--fork', '--kill-child'],
      ...['chroot', folder, 'sh', '-c', script],
    ])
    await mustRun('tar', ['-C', folder, '-cf', draft, '.'])
    rmSync(folder, { recursive: true, force: true })
  })
  return file
}
