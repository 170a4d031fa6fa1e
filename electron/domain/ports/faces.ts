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

/** An app that lives on by itself: its next version and its end. */
export interface AppLife {
  /** The version of an update that lies ready. */
  update(): string | null
  /** Quits and installs it; false where none lies ready. */
  installUpdate(): boolean
  /** How many jobs it waits for before it quits by itself; null where it stays. */
  quitsAfter(): number | null
  /** Quits no more once they are done. */
  stay(): void
  /** Calls back whenever one of these has changed. */
  onChange(listener: () => void): void
}
