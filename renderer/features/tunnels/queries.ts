import { queryOptions } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'

/** How often the bytes of a tunnel's clients are read while they are on the screen, milliseconds. */
const trafficBeat = 2_000

/** The tunnels open now. Bytes make no news, so they are asked for while a tunnel is used. */
export const tunnelsQuery = queryOptions({
  queryKey: ['tunnels', 'list'],
  queryFn: () => call('tunnels.list', {}),
  refetchInterval: ({ state }) =>
    state.data?.some((tunnel) => tunnel.clients.length > 0) === true ? trafficBeat : false,
})
