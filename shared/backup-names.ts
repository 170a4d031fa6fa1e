import { codecs, type Codec } from './backup-manifest.ts'
import { stampOf } from './stamp.ts'

/** What names a backup at a destination. */
export interface BackupIdentity {
  container: string
  /** UUID of the database; its first eight digits tell databases of one name apart. */
  databaseId: string
  /** Epoch milliseconds; the name has it in UTC, by the second. */
  createdAt: number
}

/** How the dump is stored; its extensions say so. */
export interface BackupForm {
  codec: Codec
  encrypted: boolean
}

/** The names of a backup's objects, each with its folder before it. */
export interface BackupNames {
  /** `{container}.{first eight digits of the database's id}` */
  folder: string
  /** `{container}-{YYYYMMDD-HHMMSS}`, in UTC */
  base: string
  dump: string
  roles: string
  /** Written last of all: without it there is no backup. */
  manifest: string
}

/** What an object's name says of it. */
export type ParsedBackupName = {
  folder: string
  base: string
  container: string
  /** The first eight digits of the database's id. */
  databaseId8: string
  /** Epoch milliseconds, a whole second. */
  createdAt: number
} & (({ part: 'dump' } & BackupForm) | { part: 'roles'; encrypted: boolean } | { part: 'manifest' })

/** At a destination's root: its keys, each wrapped by a recovery key. */
export const keysFileName = 'quayside-keys.json'

/** What each codec adds to a file's name. */
export const codecExtensions: Readonly<Record<Codec, string>> = {
  none: '',
  gzip: '.gz',
  zstd: '.zst',
  lz4: '.lz4',
}

/** The folder in which all backups of a database lie. */
export function backupFolder({
  container,
  databaseId,
}: Pick<BackupIdentity, 'container' | 'databaseId'>): string {
  return `${container}.${databaseId.replaceAll('-', '').slice(0, 8).toLowerCase()}`
}

/** The names of all objects of a backup. */
export function backupNames(identity: BackupIdentity, form: BackupForm): BackupNames {
  const folder = backupFolder(identity)
  const base = `${identity.container}-${stampOf(identity.createdAt)}`
  const locked = form.encrypted ? '.enc' : ''
  return {
    folder,
    base,
    dump: `${folder}/${base}.dump${codecExtensions[form.codec]}${locked}`,
    roles: `${folder}/${base}.roles.json${locked}`,
    manifest: `${folder}/${base}.manifest.json`,
  }
}

/** Reads a name back; null for what Quayside would not have written so. */
export function parseBackupName(name: string): ParsedBackupName | null {
  const found =
    /^(?<folder>(?<container>[A-Za-z0-9][A-Za-z0-9_.-]*)\.(?<id>[0-9a-f]{8}))\/(?<base>\k<container>-(?<time>\d{8}-\d{6}))\.(?<rest>[a-z0-9.]+)$/.exec(
      name,
    )?.groups
  if (!found) return null
  const { folder = '', container = '', id = '', base = '', time = '', rest = '' } = found
  const createdAt = readStamp(time)
  const part = readExtensions(rest)
  if (createdAt === null || part === null) return null
  return { folder, base, container, databaseId8: id, createdAt, ...part }
}

function readExtensions(
  rest: string,
):
  | ({ part: 'dump' } & BackupForm)
  | { part: 'roles'; encrypted: boolean }
  | { part: 'manifest' }
  | null {
  if (rest === 'manifest.json') return { part: 'manifest' }
  const encrypted = rest.endsWith('.enc')
  const plain = encrypted ? rest.slice(0, -'.enc'.length) : rest
  if (plain === 'roles.json') return { part: 'roles', encrypted }
  const codec = codecs.find((each) => plain === `dump${codecExtensions[each]}`)
  return codec === undefined ? null : { part: 'dump', codec, encrypted }
}

function readStamp(text: string): number | null {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6.000Z')
  const time = Date.parse(iso)
  // The engine may take 31 February for 3 March: only what is written the same again is a time.
  return Number.isNaN(time) || stampOf(time) !== text ? null : time
}
