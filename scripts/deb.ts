import { chmod, cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { mustRun, repository } from './program.ts'

/** Debian's names for what Electron and the keychain need (deb-src-control(5)). */
const depends = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libasound2 | libasound2t64',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libnotify4',
  'libsecret-1-0',
  'xdg-utils',
]

const place = '/opt/Quayside'

const desktopEntry = `[Desktop Entry]
Type=Application
Name=Quayside
Comment=${manifest.description}
Exec=${place}/quayside %U
Icon=quayside
Categories=Development;Database;
StartupWMClass=Quayside
`

// Where the system does not give everyone user namespaces, Chromium's sandbox needs its helper, which
// must then belong to root and be set-uid (Chromium's docs/linux/suid_sandbox.md).
const afterInstall = `#!/bin/sh
set -e
chmod 4755 ${place}/chrome-sandbox
`

/**
 * Wraps an unpacked app as a Debian package beside it, by dpkg's own tool; compressed with little effort
 * where it is only to be tried out.
 *
 * @returns the path of the package
 */
export async function makeDeb(unpacked: string, { quick = false } = {}): Promise<string> {
  const arch = (await mustRun('dpkg', ['--print-architecture'])).trim()
  const file = join(unpacked, '..', `quayside_${manifest.version}_${arch}.deb`)
  const root = `${file}.root`
  await rm(root, { recursive: true, force: true })
  try {
    await fill(root, unpacked, arch)
    const compression = ['-Zgzip', quick ? '-z1' : '-z6']
    await mustRun('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, file])
  } finally {
    await rm(root, { recursive: true, force: true })
  }
  return join('dist', basename(file))
}

async function fill(root: string, unpacked: string, arch: string): Promise<void> {
  await put(root, '/usr/share/applications/quayside.desktop', desktopEntry)
  await put(root, '/DEBIAN/control', control(arch))
  await put(root, '/DEBIAN/postinst', afterInstall)
  await chmod(join(root, 'DEBIAN/postinst'), 0o755)
  await cp(unpacked, join(root, place), { recursive: true })
  // By this electron-updater knows which kind of package to fetch.
  await put(root, `${place}/resources/package-type`, 'deb')
  await mkdir(join(root, 'usr/bin'), { recursive: true })
  await symlink(`${place}/quayside`, join(root, 'usr/bin/quayside'))
  const icons = join(root, 'usr/share/icons/hicolor')
  for (const size of [64, 256]) {
    const from = join(repository, `resources/icons/icon-${size}.png`)
    await cp(from, join(icons, `${size}x${size}/apps/quayside.png`))
  }
  await cp(join(repository, 'LICENSE'), join(root, 'usr/share/doc/quayside/copyright'))
}

function control(arch: string): string {
  return `Package: quayside
Version: ${manifest.version}
Architecture: ${arch}
Maintainer: The Quayside developers
Section: database
Priority: optional
Depends: ${depends.join(', ')}
Recommends: gnome-keyring | kwalletmanager
Description: ${manifest.description}
`
}

async function put(root: string, path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), text)
}
