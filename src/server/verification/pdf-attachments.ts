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

/**
 * The files that are attached to a PDF (ISO 32000-1, 7.11.4), by name. Each is unpacked up to a bound: whoever made the PDF
 * may mean ill. Names in a tree of more than one level, which Vigil does not write, are not looked for.
 * @throws Error where it is not a PDF that can be read.
 */
export async function pdfAttachments(file: Uint8Array): Promise<Map<string, Buffer>> {
  const { catalog } = await PDFDocument.load(file, { updateMetadata: false, throwOnInvalidObject: true })
  const names = catalog
    .lookupMaybe(PDFName.of('Names'), PDFDict)
    ?.lookupMaybe(PDFName.of('EmbeddedFiles'), PDFDict)
    ?.lookupMaybe(PDFName.of('Names'), PDFArray)
  const found = new Map<string, Buffer>()
  for (let i = 0; names && i + 1 < names.size(); i += 2) {
    const name = names.lookup(i)
    const stream = names
      .lookupMaybe(i + 1, PDFDict)
      ?.lookupMaybe(PDFName.of('EF'), PDFDict)
      ?.lookup(PDFName.of('F'))
    if (!(name instanceof PDFString || name instanceof PDFHexString)) continue
    if (stream instanceof PDFRawStream) found.set(name.decodeText(), unpacked(stream))
  }
  return found
}

function unpacked(stream: PDFRawStream): Buffer {
  const filter = stream.dict.lookup(PDFName.of('Filter'))
  const filters = filter instanceof PDFArray ? filter.asArray() : filter === undefined ? [] : [filter]
  const [only] = filters
  if (only === undefined) return Buffer.from(stream.contents)
  if (filters.length > 1 || only !== PDFName.of('FlateDecode')) throw new Error('an unknown filter')
  return inflateSync(stream.contents, { maxOutputLength: largestAttachment })
}
