import { inflateSync } from 'node:zlib'
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFString,
} from '@cantoo/pdf-lib'

const largestAttachment = 16_000_000
/** All of them together: a small file can name one large stream a thousand times. */
const largestTogether = 128_000_000

/** A name's characters may each stand as `#` and two hexadecimal digits (ISO 32000-1, 7.3.5). */
const spelled = (name: string) =>
  [...name].map((one) => `(?:${one}|#${one.charCodeAt(0).toString(16)})`).join('')
/** Streams that are unpacked without a bound while a PDF is read. Vigil writes none (src/main/prints/attach.ts). */
const packedObjects = new RegExp(`/(?:${spelled('ObjStm')}|${spelled('XRef')})(?![^\\s()<>[\\]{}/%])`, 'i')

/**
 * The files that are attached to a PDF (ISO 32000-1, 7.11.4), by name. Each is unpacked up to a bound: whoever made the PDF
 * may mean ill. Names in a tree of more than one level, which Vigil does not write, are not looked for.
 * @throws Error where it is not a PDF that can be read, or one that packs its objects.
 */
export async function pdfAttachments(file: Uint8Array): Promise<Map<string, Buffer>> {
  if (packedObjects.test(Buffer.from(file.buffer, file.byteOffset, file.length).toString('latin1')))
    throw new Error('packed objects')
  const { catalog } = await PDFDocument.load(file, { updateMetadata: false, throwOnInvalidObject: true })
  const names = catalog
    .lookupMaybe(PDFName.of('Names'), PDFDict)
    ?.lookupMaybe(PDFName.of('EmbeddedFiles'), PDFDict)
    ?.lookupMaybe(PDFName.of('Names'), PDFArray)
  const found = new Map<string, Buffer>()
  let left = largestTogether
  for (let i = 0; names && i + 1 < names.size(); i += 2) {
    const name = names.lookup(i)
    const stream = names
      .lookupMaybe(i + 1, PDFDict)
      ?.lookupMaybe(PDFName.of('EF'), PDFDict)
      ?.lookup(PDFName.of('F'))
    if (!(name instanceof PDFString || name instanceof PDFHexString)) continue
    if (!(stream instanceof PDFRawStream)) continue
    const content = unpacked(stream, Math.min(largestAttachment, left))
    left -= content.length
    found.set(name.decodeText(), content)
  }
  return found
}

function unpacked(stream: PDFRawStream, most: number): Buffer {
  const filter = stream.dict.lookup(PDFName.of('Filter'))
  const filters = filter instanceof PDFArray ? filter.asArray() : filter === undefined ? [] : [filter]
  const [only] = filters
  if (only === undefined && stream.contents.length <= most) return Buffer.from(stream.contents)
  if (filters.length > 1 || only !== PDFName.of('FlateDecode')) throw new Error('an unknown filter')
  return inflateSync(stream.contents, { maxOutputLength: most })
}
