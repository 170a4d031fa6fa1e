import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { requireSigned } from './signed-feed.ts'

const own = generateKeyPairSync('ed25519')
const foreign = generateKeyPairSync('ed25519')
const publicKey = own.publicKey.export({ type: 'spki', format: 'pem' }).toString()

const file = Buffer.from(
  "version: 0.2.0\nfiles:\n  - url: quayside.deb\n    sha512: 'aGFzaA=='\n    size: 4\n",
)
const signature = sign(null, file, own.privateKey).toString('base64')
const claim = { version: '0.2.0', files: [{ sha512: 'aGFzaA==' }] }
const refused: unknown = expect.objectContaining({ code: 'update_not_trusted' })

describe('an update', () => {
  it('passes with the version and hashes that were signed', () => {
    expect(() => requireSigned(claim, file, signature, publicKey)).not.toThrow()
  })

  it.each([
    ['another version', { ...claim, version: '0.3.0' }],
    ['the beginning of a version', { ...claim, version: '0.2' }],
    ['another hash', { ...claim, files: [{ sha512: 'b3RoZXI=' }] }],
    ['one hash too many', { ...claim, files: [...claim.files, { sha512: 'b3RoZXI=' }] }],
    ['no file', { ...claim, files: [] }],
  ])('is refused with %s', (_what, other) => {
    expect(() => requireSigned(other, file, signature, publicKey)).toThrow(refused)
  })

  it('is refused where a byte was changed', () => {
    const changed = Buffer.from(file.toString().replace('0.2.0', '0.2.1'))
    const wanted = { ...claim, version: '0.2.1' }
    expect(() => requireSigned(wanted, changed, signature, publicKey)).toThrow(refused)
  })

  it('is refused where another key signed it, or none', () => {
    const theirs = sign(null, file, foreign.privateKey).toString('base64')
    expect(() => requireSigned(claim, file, theirs, publicKey)).toThrow(refused)
    expect(() => requireSigned(claim, file, '', publicKey)).toThrow(refused)
  })
})
