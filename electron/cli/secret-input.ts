import { readFile, stat } from 'node:fs/promises'
import { QuaysideError } from '../../shared/errors.ts'
import type { CliIo } from './io.ts'
import { isInteractive } from './io.ts'
import type { Output } from './output.ts'
import { askHidden } from './prompt.ts'

/** Where a password or passphrase comes from. Never from the arguments: those are seen by everyone. */
export interface SecretSource {
  secretFile?: string | undefined
  secretStdin?: boolean | undefined
}

const longest = 64 * 1024

/**
 * The secret named by the options, without its trailing newline; undefined when none is named.
 * @throws QuaysideError `invalid_input` when it can't be read or is empty.
 */
export async function givenSecret(
  source: SecretSource,
  { io, out }: { io: CliIo; out: Output },
): Promise<string | undefined> {
  if (source.secretFile !== undefined && source.secretStdin === true)
    throw new QuaysideError(
      'invalid_input',
      'Give the secret by --secret-file or by --secret-stdin.',
    )
  if (source.secretFile !== undefined) return readSecretFile(source.secretFile, out)
  if (source.secretStdin === true) return readSecretStdin(io)
  return undefined
}

/**
 * Asks for the secret on a terminal.
 * @throws QuaysideError `invalid_input` without one: nothing waits for an answer that can't come.
 */
export async function askSecret(io: CliIo, what: string): Promise<string> {
  if (!isInteractive(io)) {
    throw new QuaysideError('invalid_input', `The ${what} is missing.`, {
      hint: 'Give it by --secret-file FILE or --secret-stdin; there is no terminal to ask on.',
    })
  }
  const secret = await askHidden(io, `${what[0]?.toUpperCase() ?? ''}${what.slice(1)}: `)
  if (secret === '') throw new QuaysideError('invalid_input', `The ${what} is empty.`)
  return secret
}

/** Reads a secret from a file; says so when other users can read it too. */
export async function readSecretFile(path: string, out: Output): Promise<string> {
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      out.note(`${path} can be read by other users of this computer. "chmod 600" closes it.`)
    return checked(await readFile(path, 'utf8'), path)
  } catch (cause) {
    if (cause instanceof QuaysideError) throw cause
    throw new QuaysideError('invalid_input', `The file ${path} can’t be read.`, {
      hint: 'Check its path and who may read it.',
      cause,
    })
  }
}

async function readSecretStdin(io: CliIo): Promise<string> {
  let text = ''
  io.stdin.setEncoding('utf8')
  for await (const chunk of io.stdin) {
    text += String(chunk)
    if (text.length > longest) break
  }
  return checked(text, 'Standard input')
}

function checked(text: string, source: string): string {
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw new QuaysideError('invalid_input', `${source} holds no secret.`)
  if (secret.length > longest)
    throw new QuaysideError('invalid_input', `${source} is too long for a secret.`)
  return secret
}
