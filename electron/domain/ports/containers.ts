import type { ServerFile } from '../../engines/engine.ts'
import type { CallOptions } from './docker.ts'

export type Labels = Readonly<Record<string, string>>

export interface LogOptions {
  follow: boolean
  /** As many of the newest lines; null for all. */
  tail: number | null
  /** None before this moment, as Docker writes it: seconds since 1970, with nanoseconds behind a point. */
  since: string | null
  signal: AbortSignal
}

/** One line as Docker kept it. */
export interface ContainerLogLine {
  /** Seconds since 1970 with nanoseconds behind a point: what `since` takes. */
  at: string
  stream: 'stdout' | 'stderr'
  text: string
  /** True where the rest of a very long line was left out. */
  cut: boolean
}

export interface PullOptions extends CallOptions {
  onProgress?: ((progress: PullProgress) => void) | undefined
}

export interface PullProgress {
  bytes: number
  /** Of all layers known so far. */
  totalBytes: number
  layers: number
  layersDone: number
}

export interface DockerVersion {
  version: string
  apiVersion: string
  os: string
  arch: string
}

export interface DockerInfo {
  serverVersion: string
  operatingSystem: string
  cpus: number
  memoryBytes: number
  dataRoot: string
  /** `overlay2` for one; null where Docker does not say. */
  storageDriver: string | null
  /** SELinux keeps its containers apart. */
  selinux: boolean
}

export type ContainerState =
  'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'

export interface ContainerSummary {
  id: string
  name: string
  state: ContainerState
  /** Docker's own words, `Up 3 hours (healthy)`. */
  statusText: string
  labels: Labels
  /** Published TCP ports on the host. */
  ports: number[]
  /** The image it was made from, by the name it was asked for. */
  image: string
  /** Where its TCP ports are published while it runs. */
  published: PublishedPort[]
}

export interface PublishedPort {
  /** Of the host; `0.0.0.0` and `::` are all of them. */
  address: string
  /** On the host. */
  port: number
  containerPort: number
}

export interface ContainerDetail extends Omit<ContainerSummary, 'published'> {
  /** The id of the very image it was made from. */
  imageId: string
  exitCode: number
  oomKilled: boolean
  /** Docker's own error, such as why it could not start. */
  error: string
  /** Epoch milliseconds, null if it never ran. */
  startedAt: number | null
  finishedAt: number | null
  restartCount: number
}

export interface ContainerStats {
  cpuPercent: number | null
  memoryBytes: number | null
  memoryLimitBytes: number | null
  /** Since the container started, bytes; null where Docker does not say. */
  traffic: ContainerTraffic
}

export interface ContainerTraffic {
  networkReceivedBytes: number | null
  networkSentBytes: number | null
  diskReadBytes: number | null
  diskWrittenBytes: number | null
}

export interface ContainerSpec {
  name: string
  image: string
  env: Readonly<Record<string, string>>
  command: readonly string[]
  labels: Labels
  /**
   * Volumes by their path inside the container; an absolute path is a folder that must be there, an
   * empty name a volume without one that goes with the container.
   */
  volumes: Readonly<Record<string, string>>
  publish: { hostAddress: string; hostPort: number; containerPort: number }
  files: readonly ServerFile[]
  shmBytes: number
  stopGraceSeconds: number
}

/**
 * A server that lives no longer than a job. It has no network: only tasks that share its loopback reach
 * it. Docker never starts it again, and when the host's memory gets short it goes before the others do.
 */
export interface PassingContainerSpec extends Omit<ContainerSpec, 'publish'> {
  memoryBytes: number
}
