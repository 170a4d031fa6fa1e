/** The users of a lab host: what each is for, and what it may. */
export const accounts = {
  /** The usual way in: root, by a key. */
  root: { uid: 0, docker: true },
  /** An ordinary user who may use Docker. */
  deploy: { uid: 61001, docker: true },
  /** An ordinary user who may not. */
  nodocker: { uid: 61002, docker: false },
  /** May not either, but may have sudo reach Docker. */
  sudoer: { uid: 61004, docker: false },
  /** Has a password and no key. */
  pass: { uid: 61003, docker: true },
} as const

export type AccountName = keyof typeof accounts

export type SystemFiles = {
  readonly passwd: string
  readonly shadow: string
  readonly group: string
}

/**
 * The files of a host made from those of the machine it runs on: the services' users stay as they are,
 * and the people of the lab come in. A star is an account without a password; sshd would take the
 * exclamation mark of a locked one as a refusal of its keys too.
 */
export function withAccounts(
  machine: SystemFiles,
  { passwordHash, homes }: { passwordHash: string; homes: string },
): SystemFiles {
  const names = Object.keys(accounts)
  const others = (text: string) =>
    text.split('\n').filter((line) => line !== '' && !names.includes(line.split(':')[0] ?? ''))
  const people = Object.entries(accounts)
  const members = people.filter(([, { docker }]) => docker).map(([name]) => name)
  const groups = others(machine.group)
  const dockerGid = groups.find((line) => line.startsWith('docker:'))?.split(':')[2] ?? '61000'
  return {
    passwd: lines([
      ...people.map(([name, { uid }]) => `${name}:x:${uid}:${uid}::${homes}/${name}:/bin/bash`),
      ...others(machine.passwd),
    ]),
    shadow: lines([
      ...people.map(
        ([name]) => `${name}:${name === 'pass' ? passwordHash : '*'}:20000:0:99999:7:::`,
      ),
      ...others(machine.shadow),
    ]),
    group: lines([
      ...people.map(([name, { uid }]) => `${name}:x:${uid}:`),
      ...groups.filter((line) => !line.startsWith('docker:')),
      `docker:x:${dockerGid}:${members.filter((name) => name !== 'root').join(',')}`,
    ]),
  }
}

/** A host's rules for sudo: Debian's own settings, and the one command that the sudoer may. */
export const sudoers = lines([
  'Defaults env_reset, mail_badpass, use_pty',
  'Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"',
  'root ALL=(ALL:ALL) ALL',
  // Debian's package, or Docker's own archive of programs.
  ...['/usr/bin', '/usr/local/bin'].map(
    (folder) => `sudoer ALL=(root) NOPASSWD: ${folder}/docker system dial-stdio`,
  ),
])

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`
}
