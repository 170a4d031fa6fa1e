/** What is wrong with the lab, in a sentence for the person at the terminal. */
export class LabError extends Error {
  /** The exit code of the command line: 1 a failure, 2 a wrong call, 3 a machine that can't run the lab. */
  readonly exitCode: number

  constructor(
    message: string,
    { exitCode = 1, cause }: { exitCode?: number; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'LabError'
    this.exitCode = exitCode
  }
}
