import * as z from 'zod'
import { describe, expect, it } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import { answerError, dockerError, pullError } from './docker-error.ts'

const bind = 'driver failed programming external connectivity on endpoint orders (2f8a):'

describe('a refusal of Docker’s', () => {
  it.each([
    [500, `${bind} Bind for 127.0.0.1:5433 failed: port is already allocated`, 'port_taken'],
    [
      500,
      `${bind} Error starting userland proxy: listen tcp4 127.0.0.1:5433: bind: address already in use`,
      'port_taken',
    ],
    [
      500,
      'failed to set up container networking: driver failed programming external connectivity on endpoint orders: failed to bind host port 127.0.0.1:5433/tcp: address already in use',
      'port_taken',
    ],
    [
      500,
      'Ports are not available: exposing port TCP 127.0.0.1:5433 -> 127.0.0.1:0: listen tcp 127.0.0.1:5433: bind: address already in use',
      'port_taken',
    ],
    [
      500,
      'error creating overlay mount to /d/overlay2/1f-init/merged: no space left on device',
      'disk_full',
    ],
    [500, 'Error processing tar file: write /data: disk quota exceeded', 'disk_full'],
    [
      409,
      'Conflict. The container name "/orders" is already in use by container "2f8a". You have to remove (or rename) that container to be able to reuse that name.',
      'name_taken',
    ],
    [404, 'No such container: orders', 'container_missing'],
    [404, 'No such image: postgres:15', 'image_not_found'],
    [404, 'get orders-data: no such volume', 'volume_missing'],
    [403, 'authorization denied by plugin opa', 'docker_denied'],
    [503, 'daemon is shutting down', 'docker_down'],
    [
      500,
      'failed to update store for object type *libnetwork.endpoint: open : no such file or directory',
      'docker_down',
    ],
    [409, 'remove orders-data: volume is in use - [2f8a]', 'docker_failed'],
    [500, 'something new', 'docker_failed'],
  ])('%i %s', (status, words, code) => {
    const error = answerError(status, words)
    expect(error).toMatchObject({ code, detail: `${status}: ${words}` })
    expect(error.hint).toMatch(/\.$/)
  })

  it('names the port that is taken', () => {
    const words = `${bind} Bind for 127.0.0.1:5433 failed: port is already allocated`
    expect(answerError(500, words).message).toBe('Port 5433 is taken.')
    expect(answerError(500, 'listen tcp6 [::1]:5434: bind: address already in use').message).toBe(
      'Port 5434 is taken.',
    )
    expect(answerError(500, 'address already in use').message).toBe('The port is taken.')
  })

  it('loses what docker-modem put around Docker’s words', () => {
    const thrown = Object.assign(
      new Error('(HTTP code 404) no such container - No such container: orders '),
      { statusCode: 404, reason: 'no such container', json: null },
    )
    expect(dockerError(thrown)).toMatchObject({ detail: '404: No such container: orders' })
  })
})

describe('a failed pull', () => {
  it.each([
    ['manifest for postgres:99 not found: manifest unknown: manifest unknown', 'image_not_found'],
    [
      "pull access denied for postgrez, repository does not exist or may require 'docker login'",
      'image_not_found',
    ],
    ['no matching manifest for linux/s390x in the manifest list entries', 'image_not_found'],
    [
      'failed to resolve reference "docker.io/library/postgres:99": docker.io/library/postgres:99: not found',
      'image_not_found',
    ],
    ['Head "registry": dial tcp: lookup registry: no such host', 'pull_failed'],
    ['Get "registry": dial tcp 10.0.0.1:443: connect: connection refused', 'pull_failed'],
    ['net/http: TLS handshake timeout', 'pull_failed'],
    ['error pulling image configuration: unexpected EOF', 'pull_failed'],
    ['toomanyrequests: You have reached your pull rate limit.', 'pull_failed'],
    ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device', 'disk_full'],
  ])('%s', (words, code) => {
    expect(pullError(200, words, 'postgres:99')).toMatchObject({ code, detail: `200: ${words}` })
  })
})

describe('an error that is no answer', () => {
  const socketError = (code: string) => Object.assign(new Error(`connect ${code}`), { code })

  it.each([
    ['ENOENT', 'docker_missing'],
    ['ENOTSOCK', 'docker_missing'],
    ['ENAMETOOLONG', 'docker_missing'],
    ['EACCES', 'docker_denied'],
    ['ECONNREFUSED', 'docker_down'],
    ['ECONNRESET', 'docker_down'],
    ['EPIPE', 'docker_down'],
    ['HPE_INVALID_CONSTANT', 'docker_failed'],
  ])('%s', (code, expected) => {
    expect(dockerError(socketError(code))).toMatchObject({ code: expected })
  })

  it('says whom to add to the group', () => {
    const { hint } = dockerError(socketError('EACCES')) as QuaysideError
    expect(hint).toMatch(/“sudo usermod -aG docker \S+”/)
  })

  it('passes the link’s own error on, also from within another one', () => {
    const lost = new QuaysideError('host_lost', 'The link was lost.')
    expect(dockerError(lost)).toBe(lost)
    expect(dockerError(new Error('aborted', { cause: lost }))).toBe(lost)
  })

  it('gives the reason of an abort', () => {
    const controller = new AbortController()
    const reason = new Error('the user has had enough')
    controller.abort(reason)
    expect(dockerError(socketError('ECONNRESET'), controller.signal)).toBe(reason)
  })

  it('calls an answer of another shape what it is', () => {
    const { error } = z.object({ Id: z.string() }).safeParse({})
    expect(dockerError(error)).toMatchObject({ code: 'docker_failed' })
  })

  it('leaves bugs alone', () => {
    expect(dockerError('what')).toBe('what')
  })
})
