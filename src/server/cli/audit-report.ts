import { createHash, X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { AuditReportKind } from '../../shared/api/index.ts'
import { createCheckpoints, openEvidenceSigner } from '../audit/index.ts'
import { type AuditReview, createAuditReview, pdfSigner, xlsxSigner } from '../audit-review/index.ts'
import { shippingState } from '../audit-shipping/index.ts'
import { createAccounts } from '../identity/index.ts'
import { createOrders } from '../orders/index.ts'
import { createBrokenGlass, createGlassReviews } from '../sensitivity/index.ts'
import { readBounded } from '../verification/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

const largest = 64_000_000

/** `vigil audit report`: dated audit reports, made beside a running gateway too, and verified anywhere. */
export function auditReportCommand(): Command {
  const report = new Command('report').description('dated audit reports (PDF and XLSX, signed)')
  report
    .command('make')
    .description('make the report of a day (2026-11-22) or a month (2026-11)')
    .argument('<period>')
    .requiredOption('--dir <directory>', 'the data directory')
    .option('--out <directory>', 'write the files here too')
    .action(make)
  report
    .command('list')
    .description('the reports that were made, and who reviewed them')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(list)
  report
    .command('verify')
    .description('whose a report is, and that nothing of it was changed; exit code 0 holds, 1 does not')
    .argument('<files...>', 'PDF or XLSX')
    .option('--dir <directory>', 'the data directory of the gateway that it should be of')
    .option('--fingerprint <sha256>', 'of the certificate that it should be signed by, hex')
    .action(verify)
  return report
}

async function make(period: string, { dir, out }: { dir: string; out?: string }): Promise<void> {
  const kind = AuditReportKind.parse(period.length > 7 ? 'daily' : 'monthly')
  await withReview(dir, async ({ reports }) => {
    const made = await reports.make({ kind, period }, null, cliActor())
    console.log(`${made.id}  ${made.period}  ${made.records} records, ${made.anomalies} anomalies`)
    for (const format of ['pdf', 'xlsx'] as const) {
      if (out === undefined) continue
      const { name, bytes } = await reports.file(made.id, format, cliActor())
      await writeFile(join(out, name), bytes, { mode: 0o600, flag: 'wx' })
      console.log(join(out, name))
    }
  })
}

async function list({ dir }: { dir: string }): Promise<void> {
  await withReview(dir, async ({ reports }) => {
    for (const { id, period, madeAt, madeBy, review } of await reports.list()) {
      const by = madeBy === '' ? 'schedule' : madeBy
      const reviewed = review ? `reviewed by ${review.by}` : 'not reviewed'
      console.log(`${id}  ${period.padEnd(10)}  ${new Date(madeAt).toISOString()}  ${by}  ${reviewed}`)
    }
  })
}

async function verify(
  paths: string[],
  { dir, fingerprint }: { dir?: string; fingerprint?: string },
): Promise<void> {
  const own =
    dir === undefined
      ? fingerprint?.replace(/[:\s]/g, '').toLowerCase()
      : await withFoundation(dir, async (foundation) => {
          const { certificatePem } = await openEvidenceSigner(foundation)
          return fingerprintOf(new X509Certificate(certificatePem))
        })
  for (const path of paths) {
    const file = await readBounded(path, largest)
    const kind = file.subarray(0, 5).toString('latin1') === '%PDF-' ? 'pdf' : 'xlsx'
    const signed = kind === 'pdf' ? pdfSigner(file) : xlsxSigner(file)
    if (!signed) {
      console.log(`${path}: NOT as it was signed, or not an audit report / 已被改动，或不是审计报告`)
      process.exitCode = 1
      continue
    }
    const by = fingerprintOf(signed.certificate)
    const name = signed.certificate.subject.replace(/\n/g, ', ')
    console.log(`${path}: unchanged since ${signed.at.toISOString()} / 自签名后未被改动`)
    console.log(`  signed by ${name}`)
    console.log(`  certificate SHA-256 ${by}`)
    if (own === undefined)
      console.log('  whose certificate that is was not asked: give --dir or --fingerprint')
    else if (own === by) console.log('  it is the one expected / 签名者相符')
    else {
      console.log('  it is NOT the one expected / 签名者不符')
      process.exitCode = 1
    }
  }
}

const fingerprintOf = ({ raw }: X509Certificate) => createHash('sha256').update(raw).digest('hex')

/**
 * The auditor's capability over a data directory, without the gateway around it: exams are named, and labels known, by their
 * orders alone.
 */
function withReview<T>(dir: string, work: (review: AuditReview) => Promise<T>): Promise<T> {
  return withFoundation(dir, async (foundation, paths) => {
    const evidence = await openEvidenceSigner(foundation)
    const accounts = createAccounts(foundation)
    const { displayNames } = accounts
    const orders = createOrders(foundation, { announce: () => {} })
    const review = createAuditReview(foundation, {
      accounts,
      archive: { studies: async () => [], onChange: () => {} },
      orders,
      labelOf: orders.labelOfStudy,
      evidence,
      checkpoints: createCheckpoints(foundation, evidence),
      shipping: () => shippingState(foundation),
      glassBreaks: createGlassReviews(foundation, { glass: createBrokenGlass(foundation), displayNames })
        .list,
      directory: paths.auditReports,
      log: foundation.log,
    })
    return work(review)
  })
}
