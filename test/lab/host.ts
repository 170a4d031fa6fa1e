import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { mustRun, runProgram } from '../../scripts/program.ts'
import { accounts, sudoers, withAccounts } from './accounts.ts'
import { gateway, hardwareAddress } from './addresses.ts'
import type { HostContext } from './context.ts'
import { startEngine } from './engine.ts'
import { engineOf } from './engines.ts'
import { hubHost } from './hub.ts'
import { mustRunInside } from './inside.ts'
import { ip, linkExists, removeLink } from './ip.ts'
import { makeKey, userKeys } from './keys.ts'
import { LabError } from './lab-error.ts'
import { endNamespace, startNamespace } from './namespace.ts'
import { waitUntil } from './processes.ts'
import { startSshd, writeSshdConfig } from './sshd.ts'

/** For a gigabyte of data twice, with its log and a dump: the bench restores as much. */
const diskSize = '8G'

/** Starts what of a host does not run. A host that died begins anew, with an empty Docker. */
export async function ensureHost(host: HostContext): Promise<void> {
  if (!host.lab.running(`${host.name}-init`)) await startHost(host)
  await ensureCable(host)
  await Promise.all([startEngine(engineOf(host.lab, host.name)), startSshd(host)])
}

async function startHost(host: HostContext): Promise<void> {
  await endNamespace(host.lab, host.name)
  await removeLink(host.link)
  rmSync(host.folder, { recursive: true, force: true })
  for (const part of ['data', 'etc', 'authorized_keys', 'home']) {
    mkdirSync(join(host.folder, part), { recursive: true })
  }
  await writeEtc(host)
  writeHomes(host)
  await makeKey(join(host.folder, 'host_key'))
  writeSshdConfig(host)
  writeFileSync(join(host.folder, 'dockerd.json'), '{}\n')
  await makeDisk(join(host.folder, 'disk.img'))
  await startNamespace(host.lab, {
    name: host.name,
    script: [join(import.meta.dirname, 'host-init.sh'), host.name, host.folder],
    logFile: join(host.folder, 'init.log'),
    network: true,
  })
  const ready = join(host.folder, 'ready')
  if (!(await waitUntil(() => existsSync(ready), { patience: 10_000 }))) {
    const log = readFileSync(join(host.folder, 'init.log'), 'utf8')
    throw new LabError(`The host ${host.name} does not start: ${log.trim()}`)
  }
}

/** The cable from the host to the lab's bridge, with both ends' hardware addresses known to the other. */
export async function ensureCable(host: HostContext): Promise<void> {
  const { lab, link, address, index } = host
  const { subnet } = lab.state
  if (!(await linkExists(link))) {
    const init = lab.running(`${host.name}-init`)?.pid ?? 0
    const mac = hardwareAddress(subnet, index)
    await ip(`link add ${link} type veth peer name eth0 address ${mac} netns ${init}`)
    await ip(`link set ${link} master ${lab.instance.bridge}`)
    await mustRunInside(host, [
      'sh',
      '-c',
      `ip addr add ${address}/24 dev eth0 && ip link set eth0 up &&
      ip neigh replace ${gateway(subnet)} lladdr ${hardwareAddress(subnet, 0)} dev eth0 nud permanent`,
    ])
    // Known for good, so that a pulled cable is silence, not an error after three seconds.
    await ip(`neigh replace ${address} lladdr ${mac} dev ${lab.instance.bridge} nud permanent`)
  }
  await ip(`link set ${link} up`)
}

async function writeEtc(host: HostContext): Promise<void> {
  const { folder, name, lab } = host
  const machine = (file: string) => readFileSync(`/etc/${file}`, 'utf8')
  const files = withAccounts(
    { passwd: machine('passwd'), shadow: machine('shadow'), group: machine('group') },
    { passwordHash: await hashPassword(lab.state.password), homes: join(folder, 'home') },
  )
  const etc = (file: string, text: string, mode = 0o644) =>
    writeFileSync(join(folder, 'etc', file), text, { mode })
  etc('passwd', files.passwd)
  etc('group', files.group)
  etc('shadow', files.shadow, 0o600)
  etc('sudoers', sudoers, 0o440)
  etc('hostname', `${name}\n`)
  const names = lab.hosts.map((other) => `${other.address} ${other.name}`)
  etc('hosts', ['127.0.0.1 localhost', `${lab.registry.host} ${hubHost}`, ...names, ''].join('\n'))
  etc('resolv.conf', 'nameserver 127.0.0.1\n')
}

// Perl is part of every Debian, and the C library's crypt makes what its login checks.
async function hashPassword(password: string): Promise<string> {
  const program = 'print crypt(<STDIN>, q($6$lab$))'
  const { code, stdout } = await runProgram('perl', ['-e', program], { input: password })
  if (code !== 0 || stdout === '') throw new LabError('The password could not be hashed.')
  return stdout
}

function writeHomes(host: HostContext): void {
  const { plain, encrypted } = userKeys(host.lab)
  const keyFiles = {
    root: [plain, encrypted],
    deploy: [plain],
    nodocker: [plain],
    sudoer: [plain],
  }
  for (const [user, keys] of Object.entries(keyFiles)) {
    const lines = keys.map((key) => readFileSync(`${key}.pub`, 'utf8')).join('')
    writeFileSync(join(host.folder, 'authorized_keys', user), lines)
  }
  for (const [user, { uid }] of Object.entries(accounts)) {
    const home = join(host.folder, 'home', user)
    mkdirSync(home, { mode: 0o700 })
    for (const file of ['.bashrc', '.profile']) {
      if (existsSync(`/etc/skel/${file}`)) copyFileSync(`/etc/skel/${file}`, join(home, file))
    }
    chownSync(home, uid, uid)
  }
}

// A sparse file takes what is written to it alone; no journal: it lives as long as the lab.
export async function makeDisk(path: string): Promise<void> {
  await mustRun('truncate', ['-s', diskSize, path])
  const options = ['-O', '^has_journal', '-E', 'lazy_itable_init=1,nodiscard', '-m', '0']
  await mustRun('mkfs.ext4', ['-q', '-F', ...options, path])
}
