import type Dockerode from 'dockerode'
import type { StreamTaskSpec } from '../../domain/ports.ts'
import { taskInFolder } from './selinux.ts'

/** Of the files in memory of a task together, bytes. */
const tmpfsBytes = 16 * 2 ** 20

/** What root needs to write where other users' files lie. */
const filePowers = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER']

/**
 * What Docker is told to make for a task. No log: it would write all that goes through to the host's
 * disk. When memory gets short, the task goes before the database does.
 */
export function streamTaskOptions(spec: StreamTaskSpec): Dockerode.ContainerCreateOptions {
  const { network, scratch, memoryBytes } = spec
  const [program = '', ...words] = spec.command
  const volumes = Object.entries(spec.volumes ?? {})
  return {
    name: spec.name,
    Image: spec.image,
    Entrypoint: [program],
    Cmd: words,
    User: '0',
    WorkingDir: '/',
    Labels: { ...spec.labels },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: typeof network === 'string' ? network : `container:${network.container}`,
      AutoRemove: false,
      LogConfig: { Type: 'none', Config: {} },
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      ...(volumes.length > 0 && { CapAdd: filePowers }),
      SecurityOpt: [
        'no-new-privileges',
        ...(volumes.some(([, source]) => source.startsWith('/')) ? taskInFolder : []),
      ],
      OomScoreAdj: 500,
      ...(memoryBytes !== null && { Memory: memoryBytes, MemorySwap: memoryBytes }),
      Tmpfs: Object.fromEntries(
        spec.tmpfs.map((path) => [path, `rw,nosuid,nodev,noexec,mode=0700,size=${tmpfsBytes}`]),
      ),
      Mounts: [
        ...(scratch === undefined
          ? []
          : [{ Type: 'volume' as const, Source: '', Target: scratch, ReadOnly: false }]),
        ...volumes.map(([target, source]) => ({
          Type: source.startsWith('/') ? ('bind' as const) : ('volume' as const),
          Source: source,
          Target: target,
        })),
      ],
    },
  }
}
