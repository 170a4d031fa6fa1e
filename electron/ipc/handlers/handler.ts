import type { MethodName, MethodOutput, ParsedInput } from '../../../shared/contract/index.ts'

/** Answers one method: its input is parsed already, its output will be. */
export type Handler<N extends MethodName> = (
  input: ParsedInput<N>,
  options: { readonly signal: AbortSignal },
) => Promise<MethodOutput<N>>

/** A handler for every method of the contract. */
export type Handlers = { readonly [N in MethodName]: Handler<N> }

/** The handlers of one noun, by their methods' full names. */
export type HandlersOf<Noun extends string> = {
  readonly [N in MethodName as N extends `${Noun}.${string}` ? N : never]: Handler<N>
}
