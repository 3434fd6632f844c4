import { maskedName, scrubbed, type Veil } from '../access/index.ts'
import type { ReportDocument } from './index.ts'
import type { ReportStep, Submission } from './review.ts'
import type { ReportText } from './text.ts'

/** A report's words without the facts that a person may not see. */
function veiledText({ findings, impression }: ReportText, veil: Veil): ReportText {
  return { findings: scrubbed(findings, veil), impression: scrubbed(impression, veil) }
}

/**
 * A signed document as it is shown to who may not see these fields: whose it is, and with `words` also where that was written into
 * the text. What is another than it was signed is no evidence any more.
 */
export function veiledDocument(
  document: ReportDocument,
  { hidden, known }: Veil,
  { words }: { words: boolean },
): ReportDocument {
  const { patientName, patientId, text, amendment, decisions, standing } = document
  const whose = {
    ...(hidden.has('patientName') ? { patientName: maskedName(patientName) } : {}),
    ...(hidden.has('patientId') ? { patientId: '' } : {}),
  }
  if (!words) return { ...document, ...whose }
  // Every way to write the name: the document's, and the worklist's.
  const ids = [...known.patientIds, patientId]
  const plain = (said: string) =>
    [patientName, known.patientName].reduce(
      (left, name) => scrubbed(left, { hidden, known: { patientName: name, patientIds: ids } }),
      said,
    )
  return {
    ...document,
    ...whose,
    text: { findings: plain(text.findings), impression: plain(text.impression) },
    amendment: amendment && { ...amendment, reason: plain(amendment.reason) },
    decisions: decisions.map((decision) =>
      decision.action === 'alert'
        ? { ...decision, content: plain(decision.content) }
        : { ...decision, reason: plain(decision.reason) },
    ),
    standing: standing.map((one) => ({ ...one, reason: plain(one.reason) })),
  }
}

export function veiledSubmission(submission: Submission, veil: Veil): Submission {
  const { text, comment } = submission
  return { ...submission, text: veiledText(text, veil), comment: scrubbed(comment, veil) }
}

export function veiledStep(step: ReportStep, veil: Veil): ReportStep {
  return { ...step, text: veiledText(step.text, veil), comment: scrubbed(step.comment, veil) }
}
