import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProgramResult } from '../../../scripts/program.ts'
import { gateway, hostAddress, maxHosts } from '../addresses.ts'
import { runningLab, type HostContext } from '../context.ts'
import { ensureCable, makeDisk } from '../host.ts'
import { mustRunInside, runInside } from '../inside.ts'
import type { Instance } from '../instance.ts'
import { removeLink } from '../ip.ts'
import { fingerprint, makeKey, userKeys } from '../keys.ts'
import { LabError } from '../lab-error.ts'
import { endNamespace, startNamespace } from '../namespace.ts'
import { waitUntil } from '../processes.ts'
import { startMirror, type Mirror } from './mirror.ts'
import { ensureBareRoot } from './root.ts'

/** A server as one rents it: Debian, sshd, and no Docker. */
export interface BareHost {
  readonly address: string
  readonly keyPath: string
  readonly hostKeyFingerprint: string
  readonly mirror: Pick<Mirror, 'setOpen'>
  /** Runs a program there as root; never rejects. */
  exec(argv: readonly string[]): Promise<ProgramResult>
  end(): Promise<void>
}

/** Users beside root: one with sudo for everything, one with nothing. */
const users = { admin: 61_101, guest: 61_102 }

/** Starts a bare host on the network of a lab that is up. It has no way out but to the mirror. */
export async function startBareHost(instance: Instance): Promise<BareHost> {
  const lab = runningLab(instance)
  const index = maxHosts
  const folder = join(instance.folder, 'bare')
  const host: HostContext = {
    lab,
    name: 'bare',
    index,
    folder,
    address: hostAddress(lab.state.subnet, index),
    link: `${instance.bridge}-${index}`,
    proxyPort: 0,
    socket: join(folder, 'none'),
  }
  const tar = await ensureBareRoot()
  await endNamespace(lab, host.name)
  await removeLink(host.link)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const mirror = await startMirror(gateway(lab.state.subnet))
  const end = async () => {
    await mirror.close()
    await endNamespace(lab, host.name)
    await removeLink(host.link)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await writeFiles(host, mirror.url)
    await makeDisk(join(folder, 'disk.img'))
    await startNamespace(lab, {
      name: host.name,
      script: [join(import.meta.dirname, 'init.sh'), folder, tar],
      logFile: join(folder, 'init.log'),
      network: true,
    })
    if (!(await waitUntil(() => existsSync(join(folder, 'ready')), { patience: 30_000 })))
      throw new LabError(
        `The bare host does not start: ${readFileSync(join(folder, 'init.log'), 'utf8')}`,
      )
    await ensureCable(host)
    await mustRunInside(host, ['sh', '-c', setUp])
    return {
      address: host.address,
      keyPath: userKeys(lab).plain,
      hostKeyFingerprint: fingerprint(join(folder, 'files/etc/ssh/ssh_host_ed25519_key')),
      mirror,
      exec: (argv) => runInside(host, argv),
      end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

const setUp = `set -e
useradd -u ${users.admin} -d /home/admin -s /bin/bash -p '*' admin
useradd -u ${users.guest} -d /home/guest -s /bin/bash -p '*' guest
for name in admin guest; do chown -R $name: /home/$name; done
chown -R root: /root /etc/sudoers.d
/usr/sbin/sshd -o UsePAM=no -o UseDNS=no`

/** What is put over the bare system before it starts. */
async function writeFiles({ lab, folder }: HostContext, mirror: string): Promise<void> {
  const write = (path: string, text: string, mode = 0o644) => {
    const file = join(folder, 'files', path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text, { mode })
  }
  const key = readFileSync(`${userKeys(lab).plain}.pub`, 'utf8')
  write('root/.ssh/authorized_keys', key)
  for (const user of Object.keys(users)) write(`home/${user}/.ssh/authorized_keys`, key)
  write('etc/sudoers.d/admin', 'admin ALL=(ALL) NOPASSWD: ALL\n', 0o440)
  write('etc/apt/apt.conf.d/90mirror', `Acquire::http::Proxy "${mirror}";\n`)
  // What a real server waits for, its disk and texts in other languages, tells nothing here.
  write('etc/apt/apt.conf.d/91quick', 'Acquire::Languages "none";\n')
  write('etc/dpkg/dpkg.cfg.d/quick', 'force-unsafe-io\n')
  write('etc/resolv.conf', 'nameserver 127.0.0.1\n')
  write('etc/hosts', '127.0.0.1 localhost bare\n')
  // Docker's start script raises limits, which the machine under the lab may not let anyone do.
  write('etc/default/docker', 'ulimit() { command ulimit "$@" 2>/dev/null || true; }\n')
  // So that the lab takes away what containers leave there.
  write(
    'etc/docker/daemon.json',
    JSON.stringify({ 'cgroup-parent': `/${lab.instance.cgroup}-bare` }),
  )
  mkdirSync(join(folder, 'files/etc/ssh'), { recursive: true })
  await makeKey(join(folder, 'files/etc/ssh/ssh_host_ed25519_key'))
}
