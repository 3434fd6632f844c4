export const implicitLittleEndian = '1.2.840.10008.1.2'
export const explicitLittleEndian = '1.2.840.10008.1.2.1'
export const explicitBigEndian = '1.2.840.10008.1.2.2'
export const deflatedExplicitLittleEndian = '1.2.840.10008.1.2.1.99'

/** Stream syntaxes (MPEG-2, MPEG-4, HEVC; PS3.5 A.4.5 to A.4.11): one bit stream for all frames, not to be cut at frames. */
export function isVideo(uid: string): boolean {
  return /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/.test(uid)
}

/** What an object's frames come in: what it is stored in, but a deflated data set is inflated to read it (PS3.5 A.5). */
export function frameSyntaxOf(uid: string): string {
  return uid === deflatedExplicitLittleEndian ? explicitLittleEndian : uid
}

/** How a data set is written (PS3.5 section 10). */
export interface Encoding {
  explicit: boolean
  bigEndian: boolean
}

/** Everything but the two below is explicit little endian (PS3.5 A.4). */
export function encodingOf(uid: string): Encoding {
  return { explicit: uid !== implicitLittleEndian, bigEndian: uid === explicitBigEndian }
}
