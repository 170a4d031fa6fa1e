import { X509Certificate } from 'node:crypto'
import type { RemoteSource } from '../../engines/engine-backup.ts'
import { fromErrorData, QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { DumpFiles } from '../ports.ts'

/** Far more than all authorities of the world take, bytes. */
const most = 4 * 2 ** 20

/**
 * The source with the authorities that its connection string names. Of the file nothing but certificates
 * is taken: a key that lies in it stays there.
 * @throws QuaysideError `invalid_input`, `not_found` where it can't be read or holds none
 */
export async function withAuthorities(
  files: Pick<DumpFiles, 'size' | 'read'>,
  source: RemoteSource,
): Promise<RemoteSource> {
  const { rootFile } = source
  if (rootFile === null) return source
  const text = await readText(files, rootFile)
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (found.length === 0 || !found.every(isCertificate)) throw noCertificate(rootFile)
  return { ...source, authorities: `${found.join('\n')}\n` }
}

async function readText(files: Pick<DumpFiles, 'size' | 'read'>, path: string): Promise<string> {
  try {
    if ((await files.size(path)) > most) throw noCertificate(path)
    let text = ''
    for await (const piece of files.read(path).setEncoding('latin1')) text += String(piece)
    return text
  } catch (thrown) {
    if (!(thrown instanceof QuaysideError)) throw noCertificate(path, thrown)
    throw fromErrorData({
      ...toErrorData(thrown),
      hint: 'sslrootcert names a file of this computer.',
      field: 'connectionString',
    })
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).validTo !== ''
  } catch {
    return false
  }
}

function noCertificate(path: string, cause?: unknown): QuaysideError {
  return new QuaysideError('invalid_input', `${path} holds no certificates that can be read.`, {
    hint: 'sslrootcert names a file of this computer with the authority’s certificate in PEM form.',
    field: 'connectionString',
    ...(cause !== undefined && { cause }),
  })
}
