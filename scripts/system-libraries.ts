import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mustRun, runProgram, say } from './program.ts'

/** What the machine's packages are needed for. */
export type Purpose = keyof typeof packages

// Names with a bar are one library under its names in different releases.
const packages = {
  /** Electron's window, and what unpacks it. */
  window: [
    'libgtk-3-0|libgtk-3-0t64',
    'libnss3',
    'libasound2|libasound2t64',
    'libgbm1',
    'libxss1',
    'libxtst6',
    'libnotify4',
    'libsecret-1-0',
    'xdg-utils',
    'unzip',
  ],
  /** A screen where there is none. */
  display: ['xvfb', 'xauth'],
  /** A keychain daemon of one's own. */
  keychain: ['gnome-keyring', 'libsecret-1-0', 'dbus', 'dbus-x11'],
  /** The lab: hosts with Docker behind SSH, a registry and what the images are made of. */
  lab: [
    'docker.io',
    'docker-registry',
    'iptables',
    'iproute2',
    'openssh-server',
    'openssh-client',
    'debootstrap',
    'postgresql-client-15|postgresql-client',
    'pgbouncer',
    // A security key that is plugged in nowhere (sk-dummy.so).
    'openssh-tests',
    'krb5-kdc',
    'krb5-admin-server',
    'krb5-user',
    'procps',
    'sudo',
    'ca-certificates',
  ],
} as const

/**
 * Installs what is missing of the Debian packages for these purposes where that can be done (Debian or
 * Ubuntu, as root), else names the command to run. Answers with the packages that are still missing.
 */
export async function ensureSystemLibraries(purposes: readonly Purpose[]): Promise<string[]> {
  if (!isDebian()) return []
  const missing = await missingPackages(purposes)
  if (missing.length === 0) return []
  if (process.getuid?.() !== 0) {
    say(`Packages are missing. Install them with:\n  sudo apt-get install ${missing.join(' ')}`)
    return missing
  }
  say(`Installing ${missing.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Another apt may be at work (a fresh machine updates itself): wait for it.
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=300']
  const install = ['install', ...options, '--no-install-recommends', ...missing]
  await withoutServices(async () => {
    const first = await runProgram('apt-get', install, { env })
    if (first.code === 0) return
    // A fresh machine has no package lists, or ones that name files which are gone by now.
    await mustRun('apt-get', ['update', ...options], { env })
    await mustRun('apt-get', install, { env })
  })
  return []
}

/** Asked by Debian's packages before they start a service, see invoke-rc.d(8). */
const servicePolicy = '/usr/sbin/policy-rc.d'

/** Only the programs are wanted: a Docker or an SSH server that runs by itself is not. */
async function withoutServices(install: () => Promise<void>): Promise<void> {
  if (existsSync(servicePolicy)) return install()
  writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' })
  try {
    await install()
  } finally {
    rmSync(servicePolicy)
  }
}

/** The packages for these purposes that dpkg does not know as installed. */
export async function missingPackages(purposes: readonly Purpose[]): Promise<string[]> {
  const wanted = [...new Set<string>(purposes.flatMap((purpose) => packages[purpose]))]
  const names = wanted.flatMap((entry) => entry.split('|'))
  const { stdout } = await runProgram('dpkg-query', [
    '-W',
    '-f=${Package} ${db:Status-Status}\n',
    ...names,
  ])
  const installed = new Set(
    stdout.split('\n').flatMap((line) => (line.endsWith(' installed') ? line.split(' ')[0] : [])),
  )
  const missing = wanted.filter((entry) => !entry.split('|').some((name) => installed.has(name)))
  return Promise.all(missing.map(nameHere))
}

/** Which of a library's names this release has; the first where none is known yet. */
async function nameHere(entry: string): Promise<string> {
  const [first = entry, ...others] = entry.split('|')
  for (const name of [first, ...others]) {
    const { stdout } = await runProgram('apt-cache', ['madison', name])
    if (stdout.trim() !== '') return name
  }
  return first
}

/** True on Debian and the systems that come from it. */
export function isDebian(): boolean {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release')) return false
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
}
