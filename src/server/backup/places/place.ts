/** Somewhere that backups lie: this machine's backup directory, or an off-site place. Keys are paths with `/`. */
export interface Place {
  readonly name: string
  /** Bytes of what is stored under the key; null where nothing is. */
  size(key: string): Promise<number | null>
  /** What is stored right below a prefix that ends in `/`, or (empty prefix) the names of the backups. Names, not whole keys. */
  names(prefix: string): Promise<string[]>
  /** @throws PlaceError `absent` where nothing is stored under the key. */
  get(key: string): Promise<Buffer>
  /**
   * Stores bytes under a key that holds nothing, or a beginning of the same bytes that an earlier attempt left; never
   * changes what is stored. Resolves once the other side has it.
   */
  put(key: string, bytes: Buffer, transfer?: Transfer): Promise<void>
  remove(key: string): Promise<void>
  close(): Promise<void>
}

export interface Transfer {
  signal?: AbortSignal
  /** Waits as long as the bandwidth limit asks for before so many bytes are sent. */
  pace?: (bytes: number) => Promise<void>
}

export type PlaceCode =
  | 'absent'
  | 'exists'
  | 'unreachable'
  | 'host-key-wrong'
  | 'refused'
  | 'cut-off'
  | 'differs'
  | 'secret-unreadable'

/** Why a place did not do what it was asked. Its message is the code and the place's name, never what the other side said. */
export class PlaceError extends Error {
  readonly code: PlaceCode

  constructor(place: string, code: PlaceCode, options?: { cause?: unknown }) {
    super(`${place}: ${code}`, options)
    this.name = 'PlaceError'
    this.code = code
  }
}
