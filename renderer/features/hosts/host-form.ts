import type * as z from 'zod'
import type { HostConnection } from '../../../shared/contract/hosts.ts'
import { contract } from '../../../shared/contract/index.ts'

/** The three ways to begin. */
export type HostWay = 'ssh' | 'ssh-config' | 'local'

/** What the form holds; the parts of the way that is not chosen are kept but not sent. */
export interface HostFormValues {
  way: HostWay
  address: string
  user: string
  port: number | string
  login: 'agent' | 'key' | 'password'
  path: string
  secret: string
  alias: string
  socketPath: string
}

export type HostFormField = keyof HostFormValues

export const emptyHostForm: HostFormValues = {
  way: 'ssh',
  address: '',
  user: 'root',
  port: 22,
  login: 'agent',
  path: '',
  secret: '',
  alias: '',
  socketPath: '',
}

function unparsedConnection(values: HostFormValues): unknown {
  switch (values.way) {
    case 'ssh':
      return {
        kind: 'ssh',
        address: values.address,
        port: values.port,
        user: values.user,
        login: values.login === 'key' ? { kind: 'key', path: values.path } : { kind: values.login },
      }
    case 'ssh-config':
      return { kind: 'ssh-config', alias: values.alias }
    case 'local':
      return { kind: 'local', socketPath: values.socketPath }
  }
}

const connectionSchema = contract['hosts.check'].input.shape.connection

/** The connection the form describes, or the sentences for its fields. */
export function readHostForm(
  values: HostFormValues,
):
  | { ok: true; connection: HostConnection; secret: string | undefined }
  | { ok: false; errors: Partial<Record<HostFormField, string>> } {
  const parsed = connectionSchema.safeParse(unparsedConnection(values))
  const needsPassword = values.way === 'ssh' && values.login === 'password'
  const noPassword = needsPassword && values.secret === ''
  if (parsed.success && !noPassword) {
    const sendsSecret = values.way === 'ssh' && values.login !== 'agent' && values.secret !== ''
    return { ok: true, connection: parsed.data, secret: sendsSecret ? values.secret : undefined }
  }
  const errors = parsed.success ? {} : errorsByField(parsed.error)
  if (noPassword) errors.secret = 'Give the password.'
  return { ok: false, errors }
}

function errorsByField(error: z.ZodError): Partial<Record<HostFormField, string>> {
  const errors: Partial<Record<HostFormField, string>> = {}
  for (const issue of error.issues) {
    const field = hostFormField(issue.path.join('.'))
    if (field !== undefined) errors[field] ??= issue.message
  }
  return errors
}

const fields: Readonly<Record<string, HostFormField>> = {
  address: 'address',
  user: 'user',
  port: 'port',
  login: 'login',
  path: 'path',
  secret: 'secret',
  alias: 'alias',
  socketPath: 'socketPath',
}

/** The field of the form an error's dotted path means, such as `connection.login.path`. */
export function hostFormField(path: string | undefined): HostFormField | undefined {
  return path === undefined ? undefined : fields[path.split('.').at(-1) ?? '']
}

/** A first name for a host, from how it is reached. */
export function suggestedHostName(connection: HostConnection): string {
  switch (connection.kind) {
    case 'ssh':
      return namePart(connection.address)
    case 'ssh-config':
      return namePart(connection.alias)
    case 'local':
      return 'this-computer'
  }
}

function namePart(text: string): string {
  // An IP address stays whole; of a name, the first label is what people call the machine.
  const name = /^[\d.]+$|:/.test(text) ? text : (text.split('.')[0] ?? text)
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
}
