import { execFileSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fingerprint,
  judge,
  keyType,
  knownHostsLine,
  knownHostsName,
  parseKnownHosts,
  speaksOf,
  wildcard,
} from './known-hosts.ts'

/** A key in wire format; only its type and its identity matter here. */
function key(type: string, seed: string): Buffer {
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  return Buffer.concat([field(Buffer.from(type)), field(Buffer.from(seed.padEnd(32)))])
}

const ed = key('ssh-ed25519', 'one')
const other = key('ssh-ed25519', 'two')
const rsa = key('ssh-rsa', 'three')
const line = (hosts: string, blob: Buffer) =>
  `${hosts} ${keyType(blob) ?? ''} ${blob.toString('base64')} a comment`
const entries = (...lines: string[]) => parseKnownHosts(lines.join('\n'))

describe('known_hosts', () => {
  it('reads lines with comments, markers, tabs and Windows line ends, and skips nonsense', () => {
    const read = parseKnownHosts(
      [
        '# a comment',
        '',
        line('one.example', ed),
        `@revoked\t*\tssh-ed25519\t${other.toString('base64')}`,
        `@cert-authority *.example ssh-rsa ${rsa.toString('base64')}`,
        `@unknown x ssh-rsa ${rsa.toString('base64')}`,
        'only.two words',
        `lies.about.type ssh-rsa ${ed.toString('base64')}`,
      ].join('\r\n'),
    )
    expect(read.map(({ marker, hosts }) => [marker, hosts])).toEqual([
      [null, 'one.example'],
      ['revoked', '*'],
      ['cert-authority', '*.example'],
    ])
  })

  it('matches names, ports, wildcards and negations as OpenSSH does', () => {
    const speaks = (hosts: string, host: string, port = 22) =>
      entries(line(hosts, ed)).some((entry) => speaksOf(entry, knownHostsName(host, port)))
    expect(speaks('one.example,10.0.0.1', '10.0.0.1')).toBe(true)
    expect(speaks('One.Example', 'oNE.example')).toBe(true)
    expect(speaks('one.example', 'one.example', 2222)).toBe(false)
    expect(speaks('[one.example]:2222', 'one.example', 2222)).toBe(true)
    expect(speaks('[one.example]:2222', 'one.example')).toBe(false)
    expect(speaks('*.example,!bad.example', 'good.example')).toBe(true)
    expect(speaks('*.example,!bad.example', 'bad.example')).toBe(false)
    expect(speaks('web?.example', 'web10.example')).toBe(false)
  })

  it('matches hashed names, also those that ssh-keygen hashed', () => {
    const salt = randomBytes(20)
    const hash = createHmac('sha1', salt).update('[one.example]:2222').digest('base64')
    const [entry] = entries(line(`|1|${salt.toString('base64')}|${hash}`, ed))
    expect(entry && speaksOf(entry, '[one.example]:2222')).toBe(true)
    expect(entry && speaksOf(entry, 'one.example')).toBe(false)
    expect(speaksOf({ marker: null, hosts: '|2|x|y', type: '', blob: ed }, 'x')).toBe(false)
  })

  it('names fingerprints and hashed hosts as ssh-keygen does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quayside-keys-'))
    try {
      const file = join(folder, 'key')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
      const blob = Buffer.from(readFileSync(`${file}.pub`, 'utf8').split(' ')[1] ?? '', 'base64')
      expect(execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' })).toContain(
        fingerprint(blob),
      )
      const hosts = join(folder, 'known_hosts')
      execFileSync('sh', [
        '-c',
        'printf %s "$1" > "$2"',
        'sh',
        knownHostsLine('a.example', blob),
        hosts,
      ])
      execFileSync('ssh-keygen', ['-H', '-f', hosts], { stdio: 'ignore' })
      const [entry] = parseKnownHosts(readFileSync(hosts, 'utf8'))
      expect(entry?.hosts.startsWith('|1|')).toBe(true)
      expect(entry && speaksOf(entry, 'a.example')).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('reads back every key it writes', () => {
    fc.assert(
      fc.property(
        fc.domain(),
        fc.integer({ min: 1, max: 65535 }),
        fc.string(),
        (host, port, seed) => {
          const blob = key('ssh-ed25519', seed)
          const name = knownHostsName(host, port)
          const [entry] = parseKnownHosts(knownHostsLine(name, blob))
          expect(entry && speaksOf(entry, name) && entry.blob.equals(blob)).toBe(true)
        },
      ),
    )
  })

  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseKnownHosts(text)))
  })

  it('matches wildcards like a regular expression would, but in no more than quadratic time', () => {
    const part = fc.stringMatching(/^[ab.*?]{0,8}$/)
    fc.assert(
      fc.property(part, fc.stringMatching(/^[ab.]{0,8}$/), (pattern, text) => {
        const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
        expect(wildcard(pattern, text)).toBe(new RegExp(`^${expression}$`).test(text))
      }),
    )
    expect(wildcard('*a'.repeat(50), 'a'.repeat(5_000) + 'b')).toBe(false)
  })
})

describe('judge', () => {
  it('knows the keys of the own file and of the user’s', () => {
    expect(judge(ed, 'h', entries(line('h', ed)), []).kind).toBe('known')
    expect(judge(ed, 'h', [], entries(line('h', ed))).kind).toBe('known')
    expect(judge(ed, 'h', [], entries(line('x', ed)))).toEqual({
      kind: 'unknown',
      certificates: false,
    })
  })

  it('tells a changed key with the pinned one of its type', () => {
    const verdict = judge(other, 'h', entries(line('h', rsa), line('h', ed)), [])
    expect(verdict.kind === 'changed' && verdict.pinned.blob.equals(ed)).toBe(true)
  })

  it('lets an own pin win over a line of the user’s, both ways', () => {
    expect(judge(ed, 'h', entries(line('h', ed)), entries(line('h', other))).kind).toBe('known')
    expect(judge(other, 'h', entries(line('h', ed)), entries(line('h', other))).kind).toBe(
      'changed',
    )
  })

  it('does not take another type for an addition: known types were asked for first', () => {
    expect(judge(ed, 'h', [], entries(line('h', rsa))).kind).toBe('changed')
  })

  it('blocks a revoked key even where it is pinned', () => {
    const revoked = entries(`@revoked * ssh-ed25519 ${ed.toString('base64')}`)
    expect(judge(ed, 'h', entries(line('h', ed)), revoked).kind).toBe('revoked')
  })

  it('says that a certificate authority stands there', () => {
    const authority = entries(`@cert-authority h ssh-ed25519 ${other.toString('base64')}`)
    expect(judge(ed, 'h', [], authority)).toEqual({ kind: 'unknown', certificates: true })
  })
})
