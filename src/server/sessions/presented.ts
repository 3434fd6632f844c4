import { type Store, whole } from '../store/index.ts'
import { type SessionRecord, sessionRecords } from './records.ts'

export interface Presented {
  /** The session that a certificate was issued for, as it stands in the store now. */
  (certificateFingerprint: string): Promise<SessionRecord | undefined>
  /** What `open` gives for the record, opened once. */
  nameOf(record: SessionRecord, open: () => string): string
}

/**
 * Sessions by their certificate, asked on every request. They are kept only while nothing at all was written to the store, here or by
 * another process: so that an answer from memory is the one that the table would give, and a session that was ended is over at once.
 */
export function createPresented(store: Store): Presented {
  let known = { mark: '', records: new Map<string, SessionRecord>() }
  const names = new WeakMap<SessionRecord, string>()

  const presented = async (fingerprint: string) => {
    const mark = store.mark()
    if (known.mark !== mark) known = { mark, records: new Map() }
    const { records } = known
    const found = records.get(fingerprint)
    if (found) return found
    // The mark was taken before: what is written while this is read belongs to the next.
    const read = await sessionRecords(whole(store.db))
      .where('sessions.certificate_fingerprint', '=', fingerprint)
      .executeTakeFirst()
    if (read) records.set(fingerprint, read)
    return read
  }
  const nameOf = (record: SessionRecord, open: () => string) => {
    const name = names.get(record) ?? open()
    names.set(record, name)
    return name
  }
  return Object.assign(presented, { nameOf })
}
