import type { HostContext } from '../context.ts'
import { tellProxy } from '../proxy/proxy.ts'
import { fine, type Weather } from '../proxy/weather.ts'

/** The weather before a host; what is not named is fine. */
export async function setWeather(host: HostContext, changes: Partial<Weather>): Promise<void> {
  const weather = { ...fine, ...changes }
  await tellProxy(host.lab, { do: 'weather', host: host.name, weather })
}

/** Resets all connections there are; with `refuse` there are no new ones either. */
export async function cut(host: HostContext, { refuse }: { refuse: boolean }): Promise<void> {
  if (refuse) await setWeather(host, { refusing: true })
  await tellProxy(host.lab, { do: 'cut', host: host.name })
}
