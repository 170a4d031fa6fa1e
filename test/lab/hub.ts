import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../../scripts/program.ts'
import type { LabContext } from './context.ts'

/** The address of the public registry. On the lab's hosts this name leads to the lab's own. */
export const hubHost = 'registry-1.docker.io'

/** The certificate that the lab's engines trust, and nobody else. */
export function hubCertificate(lab: LabContext): string {
  return join(lab.instance.folder, 'hub', 'certificate.pem')
}

export function hubKey(lab: LabContext): string {
  return join(lab.instance.folder, 'hub', 'key.pem')
}

/** Makes a certificate for the public registry's name, so that what is not there is answered as there. */
export async function ensureHubCertificate(lab: LabContext): Promise<void> {
  if (existsSync(hubCertificate(lab))) return
  mkdirSync(join(lab.instance.folder, 'hub'), { recursive: true, mode: 0o700 })
  await mustRun('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '3650', '-subj', '/CN=Quayside lab', '-addext', `subjectAltName=DNS:${hubHost}`],
    ...['-keyout', hubKey(lab), '-out', hubCertificate(lab)],
  ])
}
