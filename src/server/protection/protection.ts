/** The one place a ciphertext belongs to; sealed in as associated data, so that a value cannot be moved. */
export interface Place {
  table: string
  column: string
  row: string
}

/** What whole byte strings are sealed for, each under keys of its own: backups, kept DICOM objects, archived audit records, reports. */
export type BytesPurpose = 'backup' | 'object' | 'archive'

/**
 * Field encryption, blind indexes and message authentication. Keys never leave it. Each purpose has generations of keys
 * (decision 0039): what is made names the one it was made under.
 */
export interface Protection {
  /** AES-256-GCM ciphertext of the text, bound to its place: `v2.<generation>.<base64url>`. */
  seal(place: Place, plaintext: string): string
  /** @throws IntegrityError naming the place (never the value) where the ciphertext was changed or moved. */
  open(place: Place, sealed: string): string
  /** Keyed hash for exact look-up of `value` within `domain` (e.g. 'patient-id'); the same value in two domains gives two indexes. */
  blindIndex(domain: string, value: string): string
  /**
   * HMAC-SHA-256 under the audit key, for the audit chain: hex, and from the second generation on `<generation>.` before it. To
   * verify, give the hash that is there as `like`: the same generation is used; empty where there is no such generation.
   */
  chain(previous: string, content: string, like?: string): string
  /** AES-256-GCM of bytes, bound to a label (what and where it is: `backup/<id>/chunk/7`), so that it cannot take another's place. */
  sealBytes(purpose: BytesPurpose, label: string, bytes: Uint8Array): Buffer
  /** @throws IntegrityError (table `file`, column the purpose, row the label) where the bytes were changed or are another's. */
  openBytes(purpose: BytesPurpose, label: string, sealed: Uint8Array): Buffer
  /**
   * HMAC-SHA-256 (base64url) under the row key, over a row's content: who can write the file cannot make one. Generations and
   * `like` as in `chain`.
   */
  rowMac(content: string, like?: string): string
}

/** A stored value failed its integrity check: the place is named, the value is not shown. */
export class IntegrityError extends Error {
  readonly place: Place

  constructor(place: Place) {
    super(`stored value failed its integrity check: ${place.table}.${place.column} of row ${place.row}`)
    this.name = 'IntegrityError'
    this.place = place
  }
}

/**
 * A generation that this process cannot unwrap, because the master key was changed since it was started. Not damage: the value
 * is good, and opens in a process that has the new master key.
 */
export class KeyUnavailableError extends Error {
  constructor(purpose: string, generation: number) {
    super(`key ${purpose} ${generation} stands under a newer master key: start this process again`)
    this.name = 'KeyUnavailableError'
  }
}
