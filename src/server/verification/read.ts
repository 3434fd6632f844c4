import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { SignedReport } from '../../shared/report/index.ts'
import { pdfAttachments } from './pdf-attachments.ts'

/** A signed version as somebody brings it. `raw` is its document as it stands there, with whatever else it holds. */
export interface Brought {
  report: SignedReport
  raw: unknown
}

export interface BroughtFile {
  versions: Brought[]
  /** Key images that came with it. */
  images: Buffer[]
}

const largestFile = 256_000_000

/** A file cannot be read as what it should be; the message says which and why, and nothing of what it holds. */
export class UnreadableError extends Error {}

/**
 * What a file brings: one signed version or a list of them as JSON, or a PDF with one attached.
 * @throws UnreadableError
 */
export async function readReportFile(path: string): Promise<BroughtFile> {
  const file = await readBounded(path, largestFile)
  if (!file.subarray(0, 1024).includes('%PDF-')) return { versions: versionsIn(path, file), images: [] }
  const attached = await pdfAttachments(file).catch(() => {
    throw new UnreadableError(
      `${path}: the PDF is damaged, or was written anew by another program / PDF 文件已损坏或被其他程序改写`,
    )
  })
  const json = attached.get('vigil-report.json')
  if (!json)
    throw new UnreadableError(
      `${path}: no signed report is attached to this PDF / 此 PDF 没有附带已签名的报告`,
    )
  const images = [...attached].filter(([name]) => /^key-image-[0-9a-f]{64}\.png$/.test(name))
  return { versions: versionsIn(path, json), images: images.map(([, content]) => content) }
}

/** @throws UnreadableError */
export async function readBounded(path: string, most: number): Promise<Buffer> {
  try {
    if ((await stat(path)).size > most) throw new UnreadableError(`${path}: too large / 文件过大`)
    return await readFile(path)
  } catch (error) {
    if (error instanceof UnreadableError) throw error
    throw new UnreadableError(`${path}: cannot be read / 无法读取`)
  }
}

const Raw = z.looseObject({ document: z.unknown() })

function versionsIn(path: string, json: Buffer): Brought[] {
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
  } catch {
    throw new UnreadableError(`${path}: neither a PDF nor whole JSON / 既不是 PDF，也不是完整的 JSON`)
  }
  const list = Array.isArray(content) ? content : [content]
  if (list.length === 0) throw new UnreadableError(`${path}: holds no report / 没有报告`)
  return list.map((one) => {
    const report = SignedReport.safeParse(one)
    if (!report.success) {
      const at = report.error.issues[0]?.path.map(String).join('.') ?? ''
      throw new UnreadableError(`${path}: not a signed report (${at.slice(0, 60)}) / 不是已签名的报告`)
    }
    return { report: report.data, raw: Raw.parse(one).document }
  })
}
