/** Stored files that a scrub looks at; whoever writes them registers one. */
export interface ScrubSource {
  /** Kind of file: what the place of a damaged one begins with. */
  name: string
  /** How many files there are, for the progress. */
  total(): Promise<number>
  /** Each file, with its size; `fault` says what is wrong with it, null where nothing is. Reads in small pieces. */
  check(): AsyncIterable<{ file: string; bytes: number; fault: string | null }>
  /** Puts a good copy in its place. @returns where from (`off-site:<name>`, `derived`), or null where there is none. */
  restore?(file: string): Promise<string | null>
  /** What a copy of the file in a backup is known by; asked where `restore` gave none. Null where no backup has it. */
  backedUp?(file: string): Promise<BackedUp | null>
}

export interface BackedUp {
  /** Where it lies, absolute. */
  at: string
  /** Whether a file is what was once written there; it lies somewhere else. */
  isWhole(candidate: string): Promise<boolean>
}

/** A copy that a backup holds of a file, to be rebuilt where it is wanted. */
export interface KeptCopy {
  backupId: string
  /** Where the backup lies: `local`, or the name of an off-site place. */
  place: string
  /** Null where the backup turns out damaged, does not hold the file, or cannot be reached. */
  open(): Promise<OpenedCopy | null>
}

/** `close` takes the file away. */
export interface OpenedCopy {
  file: string
  close(): Promise<void>
}

/** What a restored value or file is said to come from. */
export const sourceOf = ({ backupId, place }: KeptCopy): string =>
  place === 'local' ? `backup:${backupId}` : `off-site:${place}/${backupId}`
