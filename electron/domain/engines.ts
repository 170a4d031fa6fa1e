import { QuaysideError } from '../../shared/errors.ts'
import type { Engine } from '../engines/engine.ts'
import type { Service } from './core.ts'

export interface Engines extends Service<'engines'> {
  /** @throws QuaysideError `invalid_input` for an engine this version does not have */
  get(id: string): Engine
}

/** The engines this version has, by id. */
export function createEngines(engines: readonly Engine[]): Engines {
  return {
    list: async () => engines.map((engine) => engine.info),
    get: (id) => {
      const engine = engines.find((candidate) => candidate.info.id === id)
      if (engine !== undefined) return engine
      throw new QuaysideError('invalid_input', `This version has no engine “${id}”.`, {
        hint: `Choose one of: ${engines.map((known) => known.info.id).join(', ')}.`,
        field: 'engine',
      })
    },
  }
}
