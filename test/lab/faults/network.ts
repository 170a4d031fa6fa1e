import { gateway, otherGateway } from '../addresses.ts'
import type { LabContext } from '../context.ts'
import { ip } from '../ip.ts'

/** Gives the laptop another address on its way to the hosts, as a change of the Wi-Fi does. */
export async function changeNetwork({ state, instance }: LabContext): Promise<void> {
  await move(instance.bridge, gateway(state.subnet), otherGateway(state.subnet))
}

export async function restoreNetwork({ state, instance }: LabContext): Promise<void> {
  await move(instance.bridge, otherGateway(state.subnet), gateway(state.subnet))
}

/** Connections from the old address are not told: what comes back for it gets lost. */
async function move(bridge: string, from: string, to: string): Promise<void> {
  const addresses = await ip(`-4 -o addr show dev ${bridge}`)
  if (addresses.includes(` ${from}/24 `)) await ip(`addr del ${from}/24 dev ${bridge}`)
  if (!addresses.includes(` ${to}/24 `)) await ip(`addr add ${to}/24 dev ${bridge}`)
}
