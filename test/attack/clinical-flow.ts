import { createHash } from 'node:crypto'
import type { Alert } from '../../src/shared/alert/index.ts'
import { findingKey, needsDecision, type SectionFinding } from '../../src/shared/critical/index.ts'
import { canonicalReport } from '../../src/shared/report/canonical.ts'
import type { ReportDocument } from '../../src/shared/report/index.ts'
import { reportStatement } from '../../src/shared/signing/statement.ts'
import type { Channel } from '../server/channel.ts'
import { alertFor } from '../server/reports/reading-room.ts'
import { sha256, tokenSign } from '../server/sign-in-client.ts'
import type { Person } from './composed-gateway.ts'
import { params, report } from './patient.ts'

/** Worklist, images, draft, sign-off with an alert: what a radiologist does with one exam. @returns the alerts. */
export async function readAndSign(channel: Channel, person: Person, text = report): Promise<Alert[]> {
  const must = async (name: Parameters<Channel['call']>[0], call: Parameters<Channel['call']>[1]) => {
    const answer = await channel.call(name, call)
    if (answer.status !== 200) throw new Error(`${name}: ${answer.body?.code}`)
    return answer
  }
  await must('worklist', { body: { filter: {} } })
  for (const name of ['study', 'seriesMetadata', 'frame', 'report'] as const) await must(name, { params })
  await must('saveDraft', { params, body: { text, baseRevision: 0 } })
  const signed = await must('signOff', { params, body: await signedReport(channel, person, text) })
  return signed.body.alerts
}

/** What is sent to sign this text off, with an alert on each finding. */
export async function signedReport(
  channel: Channel,
  person: Person,
  text: typeof report,
): Promise<Record<string, unknown>> {
  const prepared = await channel.call('prepareSignOff', { params, body: { text } })
  if (prepared.status !== 200) throw new Error(`prepareSignOff: ${prepared.body?.code}`)
  const findings: SectionFinding[] = prepared.body.findings.filter(needsDecision)
  const decisions = [
    ...new Map(
      findings.map((finding) => [findingKey(finding), alertFor(finding, prepared.body.earlier)]),
    ).values(),
  ]
  const document: ReportDocument = { ...prepared.body.document, decisions }
  const { signer } = person
  const statement = reportStatement({
    gatewayId: document.gatewayId,
    documentHash: createHash('sha256').update(canonicalReport(document)).digest(),
    certificateHash: sha256(signer.certificateDer),
  })
  return {
    document,
    signature: tokenSign(signer, statement).toString('base64'),
    algorithm: signer.algorithm,
    certificate: signer.certificateDer.toString('base64'),
  }
}
