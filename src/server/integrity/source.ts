/** Stored files that a scrub looks at; whoever writes them registers one. */
export interface ScrubSource {
  /** Kind of file: what the place of a damaged one begins with. */
  name: string
  /** How many files there are, for the progress. */
  total(): Promise<number>
  /** Each file, with its size; `fault` says what is wrong with it, null where nothing is. Reads in small pieces. */
  check(): AsyncIterable<{ file: string; bytes: number; fault: string | null }>
  /** Puts a good copy in its place. @returns where from (`pacs`, `peer`, `backup:<id>`, `derived`), or null where there is none. */
  restore?(file: string): Promise<string | null>
}
