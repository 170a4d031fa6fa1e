import { describe, expect, it } from 'vitest'
import { emptyHostForm, hostFormField, readHostForm, suggestedHostName } from './host-form.ts'

const ssh = { ...emptyHostForm, address: '203.0.113.24' }

describe('reading the form', () => {
  it('takes a server with the agent', () => {
    expect(readHostForm(ssh)).toEqual({
      ok: true,
      secret: undefined,
      connection: {
        kind: 'ssh',
        address: '203.0.113.24',
        port: 22,
        user: 'root',
        login: { kind: 'agent' },
      },
    })
  })

  it('says at which field something is wrong', () => {
    const read = readHostForm({ ...ssh, address: 'ssh://host', port: 70000, user: '' })
    expect(read.ok ? [] : Object.keys(read.errors).sort()).toEqual(['address', 'port', 'user'])
  })

  it('asks for the path of a key', () => {
    const read = readHostForm({ ...ssh, login: 'key' })
    expect(read).toMatchObject({ ok: false, errors: { path: 'Give the path of the private key.' } })
  })

  it('asks for the password, and sends it', () => {
    expect(readHostForm({ ...ssh, login: 'password' })).toMatchObject({
      ok: false,
      errors: { secret: 'Give the password.' },
    })
    expect(readHostForm({ ...ssh, login: 'password', secret: 'x' })).toMatchObject({
      ok: true,
      secret: 'x',
    })
  })

  it('never sends a secret that was typed for another login', () => {
    expect(readHostForm({ ...ssh, secret: 'x' })).toMatchObject({ ok: true, secret: undefined })
  })

  it('takes a name from the ssh config, and this computer', () => {
    expect(readHostForm({ ...emptyHostForm, way: 'ssh-config', alias: 'ams-1' })).toMatchObject({
      connection: { kind: 'ssh-config', alias: 'ams-1' },
    })
    expect(
      readHostForm({ ...emptyHostForm, way: 'local', socketPath: '/var/run/docker.sock' }),
    ).toMatchObject({ connection: { kind: 'local', socketPath: '/var/run/docker.sock' } })
  })
})

it('finds the field of an error by the end of its path', () => {
  expect(hostFormField('connection.login.path')).toBe('path')
  expect(hostFormField('secret')).toBe('secret')
  expect(hostFormField('acceptHostKey')).toBeUndefined()
  expect(hostFormField(undefined)).toBeUndefined()
})

it('suggests a name', () => {
  const at = (address: string) =>
    suggestedHostName({ kind: 'ssh', address, port: 22, user: 'root', login: { kind: 'agent' } })
  expect(at('203.0.113.24')).toBe('203.0.113.24')
  expect(at('db1.northwind.example')).toBe('db1')
  expect(at('fe80::1')).toBe('fe80-1')
  expect(suggestedHostName({ kind: 'ssh-config', alias: 'ams-1' })).toBe('ams-1')
  expect(suggestedHostName({ kind: 'local', socketPath: '/x' })).toBe('this-computer')
})
