import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `hosts`. */
export function hostHandlers({ hosts }: Pick<Core, 'hosts'>): HandlersOf<'hosts'> {
  return {
    'hosts.list': hosts.list,
    'hosts.suggestions': hosts.suggestions,
    'hosts.check': hosts.check,
    'hosts.planDockerInstall': hosts.planDockerInstall,
    'hosts.installDocker': hosts.installDocker,
    'hosts.facts': hosts.facts,
    'hosts.lastFacts': hosts.lastFacts,
    'hosts.ports': hosts.ports,
    'hosts.add': hosts.add,
    'hosts.update': hosts.update,
    'hosts.reconnect': hosts.reconnect,
    'hosts.trustNewKey': hosts.trustNewKey,
    'hosts.setSecret': hosts.setSecret,
    'hosts.remove': hosts.remove,
  }
}
