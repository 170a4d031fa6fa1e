import type { HostContext } from '../context.ts'
import { ip } from '../ip.ts'

/** Pulls the cable at the lab's switch: both sides keep their addresses and connections, in silence. */
export async function pullCable(host: HostContext): Promise<void> {
  await ip(`link set ${host.link} down`)
}

export async function plugCable(host: HostContext): Promise<void> {
  await ip(`link set ${host.link} up`)
}
