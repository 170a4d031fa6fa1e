import { randomUUID } from 'node:crypto'
import {
  hostIdSchema,
  type HostCheck,
  type HostId,
  type HostRequest,
  type HostView,
} from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import { connectingStatus } from '../../../shared/host-status.ts'
import type { Service } from '../core.ts'
import type { JobDefinition } from '../jobs/job-definition.ts'
import type { Jobs } from '../jobs/jobs.ts'
import {
  secretKeys,
  type HostRecord,
  type LoginSecret,
  type Publish,
  type Secrets,
} from '../ports.ts'
import { firstAnswer } from './first-answer.ts'
import type { InstallDockerInput } from './install-docker.ts'
import { readLoginSecret, useOfSecret } from './login-secret.ts'
import { createHostLook, type LookDeps } from './look-at-host.ts'
import { planDockerInstall, readInstallFacts } from './plan-docker-install.ts'
import { viewHost } from './view-host.ts'

interface HostsDeps extends LookDeps {
  secrets: Secrets
  publish: Publish
  jobs: Pick<Jobs, 'enqueue'>
  installDocker: JobDefinition<InstallDockerInput>
  /** Whether a list asks each host first; not where each is watched anyway. */
  asksHosts: () => boolean
}

type Way = HostRequest & LoginSecret

/** Hosts: look, check, add, remove, and what to do when a host's key or login changed. */
export function createHosts(deps: HostsDeps): Service<'hosts'> {
  const { stores, secrets, clock, log, publish, connector, registry, jobs } = deps

  const audit = (action: string, host: HostRecord, facts: Record<string, string> = {}): void => {
    stores.audit.append({ action, subject: host.name, facts })
  }
  const changed = (): void => publish({ type: 'changed', topic: 'hosts' })

  const view = (record: HostRecord): HostView => {
    const status = registry.opened(record.id)?.status ?? connectingStatus(clock.now())
    return viewHost(stores, record, status)
  }

  /** A kept host's own connection and secret; the secret goes nowhere but there. */
  const kept = async (hostId: HostId, given?: string): Promise<Way> => {
    const record = registry.record(hostId)
    const { connection } = record
    if (given !== undefined) return { connection, secret: given }
    return { connection, ...(await readLoginSecret(secrets, record)) }
  }

  const plan = async (request: Way, name: string, signal?: AbortSignal) => {
    const runner = await connector.runner({ ...request, name, signal })
    try {
      return planDockerInstall(await readInstallFacts(runner, signal), name)
    } finally {
      runner.close()
    }
  }

  const check = (request: Way, checkId: string, signal?: AbortSignal): Promise<HostCheck> =>
    connector.check({
      checkId,
      connection: request.connection,
      secret: request.secret,
      unread: request.unread,
      acceptHostKey: request.acceptHostKey,
      onProgress: (progress) => publish({ type: 'host-check', check: progress }),
      signal,
    })

  const keepSecret = async (host: HostRecord, secret: string): Promise<void> => {
    await secrets.set(secretKeys.hostLogin(host.id), secret)
    audit('hosts.set-secret', host)
  }

  /** What has proven right on the way to a host is what it is reached by from now on. */
  const goAsChecked = async (host: HostRecord, secret?: string): Promise<void> => {
    if (secret !== undefined) await keepSecret(host, secret)
    const open = registry.opened(host.id)
    if (open !== null && open.status.state !== 'ready') open.reconnect()
  }

  return {
    ...createHostLook(deps),

    list: async (_input, options) => {
      const records = stores.hosts.list()
      if (deps.asksHosts()) {
        await Promise.all(records.map(({ id }) => firstAnswer(registry.get(id), options?.signal)))
      }
      return records.map(view)
    },

    suggestions: (_input, options) => connector.suggestions(options?.signal),

    check: async ({ checkId, hostId, ...request }, options) => {
      if (hostId === undefined) return check(request, checkId, options?.signal)
      const record = registry.record(hostId)
      const own = await kept(hostId, request.secret)
      const result = await check({ ...request, ...own }, checkId, options?.signal)
      if (loggedIn(result)) await goAsChecked(record, request.secret)
      return result
    },

    planDockerInstall: async (input, options) => {
      if (!('hostId' in input)) return plan(input, 'the server', options?.signal)
      return plan(await kept(input.hostId), registry.record(input.hostId).name, options?.signal)
    },

    installDocker: async ({ id, key }, options) => {
      const record = registry.record(id)
      const now = await plan(await kept(id), record.name, options?.signal)
      if (now.key !== key) throw planChanged(record.name)
      const jobId = jobs.enqueue({
        definition: deps.installDocker,
        title: `Install Docker on ${record.name}`,
        input: { hostId: id, about: { hostName: record.name }, steps: now.steps },
        databaseId: null,
        hostId: id,
      })
      return { jobId }
    },

    add: async ({ name, baseDomain, dataDirectory = null, withoutDocker, ...request }, options) => {
      if (stores.hosts.list().some((host) => host.name === name)) throw nameTaken(name)
      const result = await check(request, randomUUID(), options?.signal)
      if (!result.ok && !(withoutDocker === true && lacksDockerAlone(result)))
        throw reasonOf(result)
      const record: HostRecord = {
        id: hostIdSchema.parse(randomUUID()),
        name,
        connection: request.connection,
        baseDomain,
        dataDirectory,
        createdAt: clock.now(),
      }
      // The secret first: one without a record is harmless, a record without its secret is not.
      if (request.secret !== undefined) {
        await secrets.set(secretKeys.hostLogin(record.id), request.secret)
      }
      try {
        stores.hosts.insert(record)
      } catch (thrown) {
        await secrets.delete(secretKeys.hostLogin(record.id))
        throw thrown
      }
      audit('hosts.add', record)
      changed()
      await firstAnswer(registry.get(record.id), options?.signal)
      return view(record)
    },

    update: async ({ id, dataDirectory }) => {
      const record = registry.record(id)
      stores.transaction(() => {
        stores.hosts.update(id, { dataDirectory })
        audit('hosts.update', record, { dataDirectory: dataDirectory ?? 'none' })
      })
      changed()
      return view(registry.record(id))
    },

    reconnect: async ({ id }) => {
      registry.get(registry.record(id).id).reconnect()
      return {}
    },

    trustNewKey: async ({ id, fingerprint }) => {
      const record = registry.record(id)
      const facts = registry.get(id).status.error?.facts
      if (facts?.['shown'] !== fingerprint || facts['type'] === undefined) {
        throw new QuaysideError('host_key_unknown', `${record.name} does not show that key.`, {
          hint: 'Check the host again and compare the fingerprint it shows now.',
          field: 'fingerprint',
        })
      }
      await connector.trustHostKey(record.connection, { fingerprint, type: facts['type'] }, true)
      audit('hosts.trust-new-key', record, {
        fingerprint,
        ...(facts['pinned'] !== undefined && { replaced: facts['pinned'] }),
      })
      registry.get(id).reconnect()
      changed()
      return {}
    },

    setSecret: async ({ id, secret }) => {
      await keepSecret(registry.record(id), secret)
      registry.get(id).reconnect()
      return {}
    },

    remove: async ({ id }) => {
      const record = registry.record(id)
      const held = stores.databases.list().filter((database) => database.hostId === id)
      if (held.length > 0) {
        const names = held.map((database) => database.name).join(', ')
        throw new QuaysideError('host_in_use', `${record.name} still holds databases: ${names}.`, {
          hint: 'Delete and purge them first. Databases in the trash count too.',
        })
      }
      const { error } = await secrets.status()
      // A password would stay behind for good. For another login there mostly is nothing.
      if (error !== null && useOfSecret(record.connection) === 'always') throw fromErrorData(error)
      stores.hosts.remove(id)
      audit('hosts.remove', record)
      await registry.close(id)
      changed()
      if (error === null) await secrets.delete(secretKeys.hostLogin(id))
      else log.warn('no secret was looked for of a removed host', { hostId: id, code: error.code })
      return {}
    },
  }
}

/** On this computer there is no login to pass. */
function loggedIn({ ok, steps }: HostCheck): boolean {
  return ok || steps.some(({ name, state }) => name === 'login' && state === 'done')
}

function lacksDockerAlone({ steps }: HostCheck): boolean {
  const failed = steps.filter(({ state }) => state === 'failed')
  return failed.length === 1 && failed[0]?.error?.code === 'docker_missing'
}

function planChanged(name: string): QuaysideError {
  return new QuaysideError('plan_changed', `${name} is no longer as the plan found it.`, {
    hint: 'Look at the new plan, then install.',
  })
}

function nameTaken(name: string): QuaysideError {
  return new QuaysideError('name_taken', `There is a host named ${name} already.`, {
    hint: 'Choose another name.',
    field: 'name',
  })
}

function reasonOf(result: HostCheck): QuaysideError {
  const failed = result.steps.find((step) => step.state === 'failed')
  if (failed?.error) return fromErrorData(failed.error)
  if (result.unknownKey !== null) {
    return new QuaysideError(
      'host_key_unknown',
      'This computer has not met this host key before.',
      {
        hint: 'Compare the fingerprint with what the server itself says, then accept it.',
        facts: result.unknownKey,
        field: 'acceptHostKey',
      },
    )
  }
  return new QuaysideError('internal', 'The check of the host did not finish.')
}
