import { mustRun, runProgram } from '../../scripts/program.ts'
import { freeSubnet, gateway, hardwareAddress, subnetsIn } from './addresses.ts'
import type { Instance } from './instance.ts'
import { LabError } from './lab-error.ts'
import { withLock } from './lock.ts'

/** Runs `ip` with these words. Throws where it fails. */
export function ip(words: string): Promise<string> {
  return mustRun('ip', words.split(' '))
}

export async function linkExists(name: string): Promise<boolean> {
  return (await runProgram('ip', ['link', 'show', 'dev', name])).code === 0
}

/** Takes an interface away; nothing where there is none of that name. */
export async function removeLink(name: string): Promise<void> {
  const { code, stderr } = await runProgram('ip', ['link', 'delete', name])
  // That of a host goes by itself a moment after the host: also while we are at it.
  if (code !== 0 && (await linkExists(name))) throw new LabError(`${name} stays: ${stderr.trim()}`)
}

/** The bridge of this lab, which holds its subnet; answers with the subnet's number. */
export async function ensureBridge(instance: Instance, wanted?: number): Promise<number> {
  // Two labs that come up at once must not find the same subnet free.
  return withLock('/tmp/quayside-lab-subnets.lock', async () => {
    if (await linkExists(instance.bridge)) {
      const [own] = subnetsIn(await ip(`-4 -o addr show dev ${instance.bridge}`))
      if (own !== undefined && (wanted === undefined || wanted === own)) return own
      await ip(`link delete ${instance.bridge}`)
    }
    const used = subnetsIn((await ip('-4 -o addr')) + (await ip('-4 route')))
    const subnet = freeSubnet(used, wanted ?? 1 + (process.pid % 200))
    if (subnet === undefined || (wanted !== undefined && subnet !== wanted)) {
      throw new LabError('No subnet of 10.77.0.0/16 is free. Take other labs down.')
    }
    const { bridge } = instance
    await ip(`link add ${bridge} address ${hardwareAddress(subnet, 0)} type bridge forward_delay 0`)
    await ip(`addr add ${gateway(subnet)}/24 dev ${bridge}`)
    await ip(`link set ${bridge} up`)
    return subnet
  })
}
