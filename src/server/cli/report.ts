import { Command } from 'commander'
import type { Foundation } from '../foundation.ts'
import { createIssuers, type IssuerCertificate, pemCertificates } from '../identity/index.ts'
import { storedReport } from '../reports/index.ts'
import {
  type Brought,
  readBounded,
  readReportFile,
  UnreadableError,
  verificationLines,
  verifyReports,
} from '../verification/index.ts'
import { withFoundation } from './with-foundation.ts'

interface VerifyOptions {
  ca: string[]
  keyImage: string[]
  dir?: string
  study?: string
  text: boolean
}

interface Material {
  versions: Brought[]
  images: Uint8Array[]
  anchors: IssuerCertificate[]
  intermediates: IssuerCertificate[]
}

export function reportCommand(): Command {
  const report = new Command('report').description('signed reports')
  report
    .command('verify')
    .description(
      'verify signed reports by their own signatures, without the gateway; exit code 0 holds, 1 does not, 2 cannot be read',
    )
    .argument('[files...]', 'signed versions as JSON, or PDFs that have them attached')
    .option('--ca <files...>', 'user CAs, PEM; left out, those of the data directory', [])
    .option('--key-image <files...>', 'key images (PNG), to be held against the signed ids', [])
    .option('--dir <directory>', 'a data directory')
    .option('--study <uid>', 'the report of this study as the data directory keeps it')
    .option('--text', 'show patient and report text too', false)
    .action(verify)
  return report
}

async function verify(files: string[], options: VerifyOptions): Promise<void> {
  try {
    const { versions, images, ...trust } = await materialOf(files, options)
    const found = verifyReports(versions, trust, images)
    for (const line of verificationLines(found, options)) console.log(line)
    if (!found.holds) process.exitCode = 1
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    console.error(`vigil: ${error.message}`)
    process.exitCode = 2
  }
}

async function materialOf(files: readonly string[], options: VerifyOptions): Promise<Material> {
  const { ca, keyImage, dir, study } = options
  if (files.length === 0 && study === undefined)
    throw new UnreadableError('name a file, or --study with --dir')
  if (study !== undefined && dir === undefined) throw new UnreadableError('--study needs --dir')
  const read = await Promise.all(files.map(readReportFile))
  const material: Material = {
    versions: read.flatMap(({ versions }) => versions),
    images: [
      ...read.flatMap(({ images }) => images),
      ...(await Promise.all(keyImage.map((path) => readBounded(path, 64_000_000)))),
    ],
    anchors: (await Promise.all(ca.map(readCa))).flat(),
    intermediates: [],
  }
  if (dir !== undefined)
    await withFoundation(dir, (foundation) => addFromDirectory(foundation, study, material))
  return material
}

/** The configured CAs where none were named, what is known of intermediates, and the report that is asked for. */
async function addFromDirectory(
  foundation: Foundation,
  study: string | undefined,
  material: Material,
): Promise<void> {
  const issuers = await createIssuers(foundation)
  if (material.anchors.length === 0) material.anchors.push(...(await issuers.anchors()))
  material.intermediates.push(...(await issuers.intermediates()))
  if (study === undefined) return
  const { versions, images } = await storedReport(foundation, study).catch(() => {
    throw new UnreadableError('the stored report was changed / 库中的报告已被改动')
  })
  if (versions.length === 0)
    throw new UnreadableError('no signed report of this study / 此检查没有已签发的报告')
  material.versions.push(...versions.map((report) => ({ report, raw: report.document })))
  material.images.push(...images)
}

async function readCa(path: string): Promise<IssuerCertificate[]> {
  const file = await readBounded(path, 1_000_000)
  let found: IssuerCertificate[] = []
  try {
    found = pemCertificates(file.toString('utf8'))
  } catch {}
  if (found.length === 0 || !found.every(({ isCa }) => isCa))
    throw new UnreadableError(`${path}: holds no CA certificate (PEM) / 没有 CA 证书`)
  return found
}
