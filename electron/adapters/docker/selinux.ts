// Where SELinux is enforced, a container may touch what bears its label alone: Docker sees to it for
// volumes, not for folders of the host. Elsewhere Docker takes these words and does nothing.

/** True for what Docker tells of its security in its `info`. */
export function hasSelinux(securityOptions: readonly string[]): boolean {
  return securityOptions.some((option) => option.split(',').includes('name=selinux'))
}

/**
 * For a server whose data lies in a folder that was relabelled for containers. Confined as ever, but
 * at the level of no container in particular: what it writes can be read by the next one, which
 * Docker would give another level.
 */
export const serverInFolder = ['label=level:s0']

/**
 * For a task of ours that works in a folder of the user's: that folder keeps the label it has, by
 * which other programs may know it.
 */
export const taskInFolder = ['label=disable']
