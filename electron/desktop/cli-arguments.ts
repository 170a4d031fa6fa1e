/** Flags with which the command line may begin; all others in that place are Electron's. */
const own: ReadonlySet<string> = new Set(['-h', '--help', '-V', '--version'])
/** Flags that may stand before a command, among those of Electron. */
const shared: ReadonlySet<string> = new Set(['--json', '-q', '--quiet', '--no-color'])

/**
 * The arguments of the command line when the desktop's program is started with a command
 * (`quayside db list`); undefined when it is to open the window.
 * @param packaged False where Electron was given the app's folder as its first argument.
 */
export function cliArguments(argv: readonly string[], packaged: boolean): string[] | undefined {
  const isFlag = (argument: string) => argument.startsWith('-')
  let rest = argv.slice(1)
  if (!packaged) {
    const folder = rest.findIndex((argument) => !isFlag(argument))
    rest = folder === -1 ? [] : rest.slice(folder + 1)
  }
  const begin = rest.findIndex((argument) => own.has(argument) || !isFlag(argument))
  if (begin === -1) return undefined
  return [...rest.slice(0, begin).filter((flag) => shared.has(flag)), ...rest.slice(begin)]
}
