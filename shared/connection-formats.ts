/** The forms in which a connection is handed out, in the order they are shown. */
export const connectionFormats = [
  'url',
  'env',
  'cli',
  'jdbc',
  'dotnet',
  'go',
  'python',
  'prisma',
  'django',
] as const

export type ConnectionFormat = (typeof connectionFormats)[number]

/** Everything a connection string is made of. */
export interface ConnectionDetails {
  host: string
  port: number
  user: string
  password: string
  database: string
  sslmode: string
}

/** Stands where a password is hidden, eight dots whatever its length. */
export const hiddenPassword = '••••••••'

/** What a face calls each form; `cli` goes by the name of the engine's own client. */
export const connectionFormatLabels: Readonly<Partial<Record<ConnectionFormat, string>>> = {
  url: 'URL',
  env: '.env',
  jdbc: 'JDBC',
  dotnet: '.NET',
  go: 'Go',
  python: 'Python',
  prisma: 'Prisma',
  django: 'Django',
}
