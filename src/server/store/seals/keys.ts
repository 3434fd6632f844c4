/** What the seals are made with. The keys themselves stay in it; see src/server/protection. */
export interface SealKeys {
  /** Keyed hash (base64url), of the generation of `like` where given. */
  rowMac(content: string, like?: string): string
  seal(place: SealPlace, plaintext: string): string
  open(place: SealPlace, sealed: string): string
  /** The error that a read of a row ends with whose MAC is not its. */
  damaged(place: SealPlace): Error
}

export interface SealPlace {
  table: string
  column: string
  row: string
}
