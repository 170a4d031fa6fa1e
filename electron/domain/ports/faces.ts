import type { FileChoice } from '../../../shared/contract/files.ts'

/** Lets the user choose a place for a file, of a face that can ask. */
export interface FileSaver {
  /** Writes the pieces one after another; false when the user decided against it. Whole or not at all. */
  save(name: string, pieces: AsyncIterable<string>): Promise<boolean>
}

/** The system's dialogs, of a face that has them. */
export interface FileDialogs {
  /** The path that was chosen, as the system gives it; null when the user decided against it. */
  choose(choice: FileChoice): Promise<string | null>
}

/** The clipboard of a face that has one. What is written leaves it after 60 s if still there. */
export interface Clipboard {
  writeSecret(text: string): void | Promise<void>
}
