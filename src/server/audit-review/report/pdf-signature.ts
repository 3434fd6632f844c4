import { createHash, type X509Certificate } from 'node:crypto'
import {
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFString,
} from '@cantoo/pdf-lib'
import { type CmsSigner, detachedSignature, signerOf } from './cms.ts'

/** Bytes kept for the signature; one with its certificate takes about a thousand. */
const room = 4096
/** Ten digits each: replaced by the real ones, without moving a byte. */
const unknownEnd = 9_999_999_999

/**
 * The document as a file with a signature field over every byte but the signature's own (ISO 32000-1, 12.8.1). `adbe.pkcs7.detached`
 * is what every reader knows.
 */
export async function signedPdf(
  document: PDFDocument,
  signer: CmsSigner,
  { at, name, reason }: { at: Date; name: string; reason: string },
): Promise<Buffer> {
  const { context, catalog } = document
  const signature = context.register(
    context.obj({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      SubFilter: 'adbe.pkcs7.detached',
      ByteRange: [0, unknownEnd, unknownEnd, unknownEnd],
      Contents: PDFHexString.of('0'.repeat(room * 2)),
      Name: PDFHexString.fromText(name),
      Reason: PDFHexString.fromText(reason),
      M: PDFString.fromDate(at),
    }),
  )
  const [first] = document.getPages()
  if (!first) throw new Error('a PDF without pages')
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      T: PDFString.of('vigil'),
      // Locked and to be printed; it has no appearance: what is signed stands in words on the page.
      F: 132,
      Rect: [0, 0, 0, 0],
      V: signature,
      P: first.ref,
    }),
  )
  const annotations = first.node.lookupMaybe(PDFName.of('Annots'), PDFArray)
  if (annotations) annotations.push(field)
  else first.node.set(PDFName.of('Annots'), context.obj([field]))
  const form = catalog.lookupMaybe(PDFName.of('AcroForm'), PDFDict) ?? context.obj({})
  form.set(PDFName.of('SigFlags'), PDFNumber.of(3))
  form.set(PDFName.of('Fields'), context.obj([field]))
  catalog.set(PDFName.of('AcroForm'), form)

  const file = Buffer.from(await document.save({ useObjectStreams: false, updateFieldAppearances: false }))
  const gap = gapIn(file)
  const range = [0, gap.from, gap.to, file.length - gap.to]
  const unknown = file.indexOf(String(unknownEnd))
  const from = file.lastIndexOf('[', unknown)
  const to = file.indexOf(']', unknown) + 1
  file.write(`[ ${range.join(' ')} `.padEnd(to - from - 1).concat(']'), from, 'latin1')
  const cms = detachedSignature(hashAround(file, gap), signer, at)
  if (cms.length > room) throw new Error('signature longer than its place')
  file.write(cms.toString('hex'), gap.from + 1, 'latin1')
  return file
}

/** Where the signature's own place is, `<` and `>` with it. */
function gapIn(file: Buffer): { from: number; to: number } {
  const from = file.indexOf(`<${'0'.repeat(room * 2)}>`, 0, 'latin1')
  if (from < 0) throw new Error('no place for the signature')
  return { from, to: from + room * 2 + 2 }
}

function hashAround(file: Buffer, { from, to }: { from: number; to: number }): Buffer {
  return createHash('sha256').update(file.subarray(0, from)).update(file.subarray(to)).digest()
}

/** Who signed a PDF that `signedPdf` made; null where anything of it was changed, added or taken away, or it bears no such signature. */
export function pdfSigner(file: Buffer): { certificate: X509Certificate; at: Date } | null {
  const text = file.toString('latin1')
  const ranges = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)]
  const [range] = ranges
  if (!range || ranges.length !== 1) return null
  const [start, from = 0, to = 0, rest = 0] = range.slice(1).map(Number)
  // Every byte but one hexadecimal string: nothing can stand beside what is signed.
  if (start !== 0 || to + rest !== file.length || to - from !== room * 2 + 2) return null
  const inside = text.slice(from, to)
  if (!/^<[0-9a-f]+>$/.test(inside)) return null
  const padded = Buffer.from(inside.slice(1, -1), 'hex')
  const length = padded[0] === 0x30 && padded[1] === 0x82 ? padded.readUInt16BE(2) + 4 : 0
  if (length === 0 || length > padded.length || padded.subarray(length).some((byte) => byte !== 0))
    return null
  return signerOf(padded.subarray(0, length), hashAround(file, { from, to }))
}
