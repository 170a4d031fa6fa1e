import type { ServerFile } from '../../engines/engine.ts'
import type {
  Labels,
  LogOptions,
  ContainerLogLine,
  PullOptions,
  DockerVersion,
  DockerInfo,
  ContainerSummary,
  ContainerDetail,
  ContainerStats,
  ContainerSpec,
  PassingContainerSpec,
} from './containers.ts'
import type { TaskSpec, StreamTaskSpec, StreamTask } from './tasks.ts'

/** What a call to Docker may be given. */
export interface CallOptions {
  signal?: AbortSignal | undefined
}

/**
 * Docker on one host, as far as Quayside uses it. Every method can be repeated: `ensure…` finds what
 * is there already, `remove…` is content when it is gone. Errors are translated: QuaysideError
 * `docker_down`, `docker_denied`, `host_lost`, `port_taken`, `name_taken`, `disk_full`, … and
 * `docker_failed` for the rest.
 */
export interface Docker {
  version(options?: CallOptions): Promise<DockerVersion>
  info(options?: CallOptions): Promise<DockerInfo>
  listContainers(labels: Labels, options?: CallOptions): Promise<ContainerSummary[]>
  /** By name or id; null when there is none. */
  inspectContainer(nameOrId: string, options?: CallOptions): Promise<ContainerDetail | null>
  hasImage(reference: string, options?: CallOptions): Promise<boolean>
  /** The references, `repository:tag`, of the images of these repositories that are there. */
  listImages(repositories: readonly string[], options?: CallOptions): Promise<string[]>
  /**
   * Pulls the image unless it is there. Reads the whole answer: an error inside a 200 is an error.
   * @throws QuaysideError `image_not_found`, `pull_failed`, `disk_full`
   */
  ensureImage(reference: string, options?: PullOptions): Promise<{ id: string; pulled: boolean }>
  ensureVolume(
    volume: { name: string; labels: Labels },
    options?: CallOptions,
  ): Promise<{ created: boolean }>
  inspectVolume(
    name: string,
    options?: CallOptions,
  ): Promise<{ name: string; labels: Labels } | null>
  removeVolume(name: string, options?: CallOptions): Promise<void>
  /**
   * Runs a container as root to its end and removes it; another one of its name is a leftover.
   * @throws QuaysideError `volume_missing` when the folder is not there and not to be made
   */
  runOnce(spec: TaskSpec, options?: CallOptions): Promise<{ exitCode: number; output: string }>
  /**
   * Starts a task whose input and output are streams. A container of its name and labels is what a
   * try that was cut has left, and goes first. The signal is for the way to the start alone.
   * @throws QuaysideError `name_taken`, `image_not_found`, `engine_not_ready` when the container whose
   * network it shares does not run
   */
  startTask(spec: StreamTaskSpec, options?: CallOptions): Promise<StreamTask>
  /** Kills and removes the containers that have all these labels; at least one. Gives their number. */
  removeTasks(labels: Labels, options?: CallOptions): Promise<number>
  /** Creates, and puts the files in; does not start. @throws `name_taken` */
  createContainer(
    spec: ContainerSpec | PassingContainerSpec,
    options?: CallOptions,
  ): Promise<{ id: string }>
  /** @throws `port_taken` when a published port is held by another program. */
  startContainer(id: string, options?: CallOptions): Promise<void>
  stopContainer(id: string, graceSeconds: number, options?: CallOptions): Promise<void>
  restartContainer(id: string, graceSeconds: number, options?: CallOptions): Promise<void>
  renameContainer(id: string, name: string, options?: CallOptions): Promise<void>
  /** Kills it if it runs; anonymous volumes go with it, named ones stay. */
  removeContainer(id: string, options?: CallOptions): Promise<void>
  /** Replaces files inside a container, running or not; owner root. */
  putFiles(id: string, files: readonly ServerFile[], options?: CallOptions): Promise<void>
  /**
   * What a container wrote, oldest first, in pieces as they come. Ends when the container does, or
   * without `follow` after the newest line; quietly when it is aborted.
   * @throws QuaysideError `docker_failed` where its log is kept elsewhere
   */
  followLogs(id: string, options: LogOptions): AsyncIterable<readonly ContainerLogLine[]>
  /** The last lines a container wrote, both streams, at most 64 KiB. */
  tailLogs(id: string, lines: number, options?: CallOptions): Promise<string>
  containerStats(id: string, options?: CallOptions): Promise<ContainerStats>
  /** Docker's event stream for containers with these labels. Ends with an error when the link does. */
  events(labels: Labels, options: { signal: AbortSignal }): AsyncIterable<DockerEvent>
}

export interface DockerEvent {
  /** `start`, `die`, `destroy`, `rename`, `health_status: healthy` … */
  action: string
  containerId: string
  labels: Labels
  /** Epoch milliseconds on the host. */
  at: number
}
