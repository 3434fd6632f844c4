import { PDFDocument } from '@cantoo/pdf-lib'
import type { SignedReport } from '../../shared/report/index.ts'

/** A key image as the gateway keeps it; `id` is the SHA-256 (hex) of its bytes. */
export interface KeptImage {
  id: string
  png: Uint8Array
}

/** The name under which `vigil report verify` looks for the signed version. */
export const signedReportName = 'vigil-report.json'
export const keyImageName = (id: string) => `key-image-${id}.png`

/**
 * The PDF with the signed version and its key images attached (ISO 32000-1, 7.11.4), so that paper's twin can be verified later
 * without the gateway. Title and subject name no patient: they are what file managers and indexes show.
 */
export async function withSignedReport(
  pdf: Uint8Array,
  report: SignedReport,
  images: readonly KeptImage[],
): Promise<Uint8Array> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false })
  const signedAt = new Date(report.signedAt)
  document.setTitle(`Vigil ${report.document.accessionNumber} v${report.document.version}`)
  document.setProducer('Vigil')
  await document.attach(Buffer.from(JSON.stringify(report), 'utf8'), signedReportName, {
    mimeType: 'application/json',
    description: 'vigil report verify',
    creationDate: signedAt,
    modificationDate: signedAt,
  })
  for (const { id, png } of images)
    await document.attach(png, keyImageName(id), { mimeType: 'image/png', creationDate: signedAt })
  return document.save({ useObjectStreams: false })
}
