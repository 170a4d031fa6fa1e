import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostContext } from './context.ts'
import { runInside, mustRunInside } from './inside.ts'
import { LabError } from './lab-error.ts'

const pidFile = '/run/sshd.pid'

/** Writes sshd's settings: for each word the first line counts, so extra lines go first. */
export function writeSshdConfig(host: HostContext, extra: readonly string[] = []): void {
  const text = [...extra, ...settings(host)].join('\n')
  writeFileSync(configFile(host), `${text}\n`)
}

/** Whether its settings are others than those of the beginning. */
export function sshdConfigChanged(host: HostContext): boolean {
  const text = readFileSync(configFile(host), 'utf8')
  return text !== `${settings(host).join('\n')}\n`
}

function configFile({ folder }: HostContext): string {
  return join(folder, 'sshd_config')
}

function settings({ folder }: HostContext): string[] {
  return [
    'Port 22',
    'AddressFamily inet',
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys/%u`,
    `PidFile ${pidFile}`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'AllowStreamLocalForwarding yes',
    'MaxStartups 100',
    'PrintMotd no',
    'Subsystem sftp internal-sftp',
    'Match User pass',
    '  PasswordAuthentication yes',
    '  AuthenticationMethods password',
  ]
}

/** Starts sshd where it does not run. */
export async function startSshd(host: HostContext): Promise<void> {
  if (await sshdRuns(host)) return
  const log = `${host.folder}/sshd.log`
  // It goes to the background by itself, once it listens.
  const { code, stderr } = await runInside(host, [
    ...['/usr/sbin/sshd', '-f', `${host.folder}/sshd_config`, '-E', log],
  ])
  if (code !== 0) throw new LabError(`sshd of ${host.name} does not start: ${stderr || log}`)
  await mustRunInside(host, ['sh', '-c', `until [ -s ${pidFile} ]; do sleep 0.02; done`])
}

export async function sshdRuns(host: HostContext): Promise<boolean> {
  const alive = await runInside(host, ['sh', '-c', `kill -0 "$(cat ${pidFile})"`])
  return alive.code === 0
}

/**
 * Ends the sshd that listens. The sessions there are go on, as on any server whose sshd is restarted,
 * unless they are to end too.
 */
export async function endSshd(host: HostContext, { sessions = false } = {}): Promise<void> {
  await mustRunInside(host, [
    'sh',
    '-c',
    `pid=$(cat ${pidFile} 2>/dev/null) && kill "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
    rm -f ${pidFile}
    [ "$1" = yes ] || exit 0
    for status in /proc/[0-9]*/status; do
      grep -q '^Name:[[:space:]]sshd$' "$status" 2>/dev/null || continue
      kill -9 "$(basename "$(dirname "$status")")" 2>/dev/null
    done
    exit 0`,
    'sh',
    sessions ? 'yes' : 'no',
  ])
}
