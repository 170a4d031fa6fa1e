import type Dockerode from 'dockerode'
import * as z from 'zod'
import type {
  ContainerDetail,
  ContainerSpec,
  ContainerSummary,
  PassingContainerSpec,
} from '../../domain/ports.ts'
import { serverInFolder } from './selinux.ts'

const stateSchema = z.enum([
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
])

/** A container in Docker's list. */
export const listedSchema = z.array(
  z
    .object({
      Id: z.string(),
      Names: z.array(z.string()),
      Image: z.string(),
      State: stateSchema,
      Status: z.string(),
      Labels: z.record(z.string(), z.string()).nullable(),
      Ports: z
        .array(
          z
            .object({
              IP: z.string().optional(),
              PublicPort: z.number().optional(),
              PrivatePort: z.number(),
              Type: z.string(),
            })
            .loose(),
        )
        .nullish(),
    })
    .loose(),
)

export function readListed(listed: z.infer<typeof listedSchema>[number]): ContainerSummary {
  const published = (listed.Ports ?? []).flatMap(
    ({ Type: type, IP: address = '0.0.0.0', PublicPort: port, PrivatePort: containerPort }) =>
      type === 'tcp' && port !== undefined ? [{ address, port, containerPort }] : [],
  )
  return {
    id: listed.Id,
    name: bareName(listed.Names[0] ?? ''),
    state: listed.State,
    statusText: listed.Status,
    labels: listed.Labels ?? {},
    ports: [...new Set(published.map(({ port }) => port))],
    image: listed.Image,
    published,
  }
}

/** A container's details. */
export const inspectedSchema = z
  .object({
    Id: z.string(),
    Name: z.string(),
    Image: z.string(),
    RestartCount: z.number(),
    State: z
      .object({
        Status: stateSchema,
        ExitCode: z.number(),
        OOMKilled: z.boolean(),
        Error: z.string(),
        StartedAt: z.string(),
        FinishedAt: z.string(),
        Health: z.object({ Status: z.string() }).loose().nullish(),
      })
      .loose(),
    Config: z
      .object({ Image: z.string(), Labels: z.record(z.string(), z.string()).nullable() })
      .loose(),
    HostConfig: z
      .object({
        PortBindings: z
          .record(z.string(), z.array(z.object({ HostPort: z.string() }).loose()).nullable())
          .nullish(),
      })
      .loose(),
  })
  .loose()

export function readInspected(answer: z.infer<typeof inspectedSchema>): ContainerDetail {
  const { State: state, Config: config } = answer
  const bindings = Object.values(answer.HostConfig.PortBindings ?? {}).flat()
  const health = state.Health?.Status
  return {
    id: answer.Id,
    name: bareName(answer.Name),
    state: state.Status,
    statusText:
      health === undefined || health === 'none' ? state.Status : `${state.Status} (${health})`,
    labels: config.Labels ?? {},
    ports: bindings.flatMap((binding) => (binding === null ? [] : [Number(binding.HostPort)])),
    image: config.Image,
    imageId: answer.Image,
    exitCode: state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
    startedAt: readTime(state.StartedAt),
    finishedAt: readTime(state.FinishedAt),
    restartCount: answer.RestartCount,
  }
}

/** Docker writes the year 1 for "never". */
function readTime(text: string): number | null {
  const time = Date.parse(text)
  return Number.isNaN(time) || time <= 0 ? null : time
}

/** The list writes names with a slash before them. */
function bareName(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name
}

/**
 * What Docker is told to make. Restarted by Docker unless it was stopped, or is a passing one; logs
 * can't fill the disk.
 */
export function createOptions(
  spec: ContainerSpec | PassingContainerSpec,
): Dockerode.ContainerCreateOptions {
  return {
    name: spec.name,
    Image: spec.image,
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Cmd: [...spec.command],
    Labels: { ...spec.labels },
    ...('publish' in spec && { ExposedPorts: { [portOf(spec)]: {} } }),
    StopTimeout: spec.stopGraceSeconds,
    HostConfig: {
      Mounts: Object.entries(spec.volumes).map(([target, source]) => ({
        // Unlike the old form of a bind, this one refuses a folder that is gone (its disk is not
        // mounted, say), where a server would begin anew in an empty one.
        Type: source.startsWith('/') ? ('bind' as const) : ('volume' as const),
        Source: source,
        Target: target,
      })),
      ...(Object.values(spec.volumes).some((source) => source.startsWith('/')) && {
        SecurityOpt: serverInFolder,
      }),
      ...('publish' in spec ? lasting(spec) : passing(spec)),
      ShmSize: spec.shmBytes,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    },
  }
}

function portOf({ publish }: ContainerSpec): string {
  return `${publish.containerPort}/tcp`
}

function lasting(spec: ContainerSpec): Dockerode.HostConfig {
  const { hostAddress, hostPort } = spec.publish
  return {
    PortBindings: { [portOf(spec)]: [{ HostIp: hostAddress, HostPort: String(hostPort) }] },
    RestartPolicy: { Name: 'unless-stopped' },
  }
}

function passing({ memoryBytes }: PassingContainerSpec): Dockerode.HostConfig {
  return {
    NetworkMode: 'none',
    RestartPolicy: { Name: 'no' },
    OomScoreAdj: 500,
    Memory: memoryBytes,
    MemorySwap: memoryBytes,
  }
}
