/** How a frame in a transfer syntax is turned into samples. */
export type Coding =
  | { kind: 'native'; bigEndian: boolean }
  | { kind: 'deflated-frame' }
  | { kind: 'run-length' }
  | { kind: 'codec' }

const native = (bigEndian = false): Coding => ({ kind: 'native', bigEndian })
const codec: Coding = { kind: 'codec' }

/**
 * PS3.6 Annex A, the transfer syntaxes that the viewer decodes. A deflated data set is inflated by the archive. The retired
 * JPEG full progression (.55) is left out on purpose: the decoder at hand gives wrong values for single pixels of it.
 */
const codings = new Map<string, Coding>([
  ['1.2.840.10008.1.2', native()],
  ['1.2.840.10008.1.2.1', native()],
  ['1.2.840.10008.1.2.1.98', native()],
  ['1.2.840.10008.1.2.1.99', native()],
  ['1.2.840.10008.1.2.2', native(true)],
  ['1.2.840.10008.1.2.8.1', { kind: 'deflated-frame' }],
  ['1.2.840.10008.1.2.5', { kind: 'run-length' }],
  ['1.2.840.10008.1.2.4.50', codec],
  ['1.2.840.10008.1.2.4.51', codec],
  ['1.2.840.10008.1.2.4.53', codec],
  ['1.2.840.10008.1.2.4.57', codec],
  ['1.2.840.10008.1.2.4.70', codec],
  ['1.2.840.10008.1.2.4.80', codec],
  ['1.2.840.10008.1.2.4.81', codec],
  ['1.2.840.10008.1.2.4.90', codec],
  ['1.2.840.10008.1.2.4.91', codec],
  ['1.2.840.10008.1.2.4.201', codec],
  ['1.2.840.10008.1.2.4.202', codec],
  ['1.2.840.10008.1.2.4.203', codec],
])

export function codingOf(transferSyntaxUid: string): Coding | undefined {
  return codings.get(transferSyntaxUid)
}

/** Syntaxes whose compression loses something by definition: the image is marked even where the header says nothing. */
const lossy = new Set([
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.53',
  '1.2.840.10008.1.2.4.55',
])

export function isLossySyntax(transferSyntaxUid: string): boolean {
  return lossy.has(transferSyntaxUid)
}

/** The transfer syntax that a frame's content type states, or undefined. */
export function transferSyntaxOfContentType(contentType: string): string | undefined {
  return /;\s*transfer-syntax="?([0-9.]+)"?/i.exec(contentType)?.[1]
}
