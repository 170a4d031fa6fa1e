/** The lab's side of its network, where the registry listens too. */
export function gateway(subnet: number): string {
  return `10.77.${subnet}.1`
}

/** Where the lab's side moves when its network changes. */
export function otherGateway(subnet: number): string {
  return `10.77.${subnet}.2`
}

/** Where a host is reached: h1 at 10.77.x.11 and so on. */
export function hostAddress(subnet: number, index: number): string {
  return `10.77.${subnet}.${10 + index}`
}

/** A hardware address that is ours to give (locally administered); host 0 is the lab's own side. */
export function hardwareAddress(subnet: number, index: number): string {
  const hex = (number: number) => number.toString(16).padStart(2, '0')
  return `02:77:${hex(subnet)}:00:00:${hex(index)}`
}

/** The most hosts that the addresses suffice for. */
export const maxHosts = 100

/** A number x for which no address and no route of 10.77.x.0/24 is in use. */
export function freeSubnet(used: Iterable<number>, start: number): number | undefined {
  const taken = new Set(used)
  for (let step = 0; step < 256; step++) {
    const subnet = (start + step) % 256
    if (!taken.has(subnet)) return subnet
  }
  return undefined
}

/** The numbers x of all 10.77.x.… in a text, such as the output of `ip route`. */
export function subnetsIn(text: string): number[] {
  return [...text.matchAll(/\b10\.77\.(\d{1,3})\.\d/g)].map((match) => Number(match[1]))
}
