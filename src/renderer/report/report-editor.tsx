import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type ExamContext, needsDecision } from '../../shared/critical/index.ts'
import type { IpcResult } from '../../shared/ipc/index.ts'
import { Amendment, type DraftAmendment, type ReportText } from '../../shared/report/index.ts'
import { usePermission, useSession } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { type KeptWork, SignOffDialog } from '../sign-off/sign-off-dialog.tsx'
import { AmendmentBar } from './amendment-bar.tsx'
import { DoubtsPanel } from './consistency/doubts-panel.tsx'
import { useDoubts } from './consistency/use-doubts.ts'
import { useDictionary } from './dictionary.ts'
import { EditorNotices } from './editor-notices.tsx'
import { EditorSections } from './editor-sections.tsx'
import { FindingsPanel } from './findings-panel.tsx'
import { useReportTaker } from './insertions.tsx'
import { KeyImageStrip } from './key-images/key-image-strip.tsx'
import { ReportFoot } from './report-foot.tsx'
import { HandOverDialog } from './review/hand-over-dialog.tsx'
import { HandedInChanges } from './review/handed-in-changes.tsx'
import { ReviewBanner } from './review/review-banner.tsx'
import type { Standing } from './review/standing.ts'
import { useAutosave } from './use-autosave.ts'
import { useHandOver } from './use-hand-over.ts'
import { useKeyImages } from './use-key-images.ts'
import { useReportActions } from './use-report-actions.ts'
import { useReportText } from './use-report-text.ts'
import { useWritingAids, WritingAids } from './writing-aids.tsx'

interface ReportEditorProps {
  study: string
  /** Taken at mount. */
  opened: IpcResult<'report.open'>
  standing: Standing
  exam: ExamContext | null
  /** On a report that is signed already: what the new version is for, as it was begun or last saved, and which it will be, after what text. */
  amending: { amendment: DraftAmendment; version: number; signed: ReportText; onGivenUp: () => void } | null
}

/** Writing a report: two sections, what helps to write them, what is found in them, and the ways to review and signature. */
export function ReportEditor({ study, opened, standing, exam, amending }: ReportEditorProps) {
  const bridge = useBridge()
  const queries = useQueryClient()
  const signs = usePermission('report.sign')
  // Who has no key with them signs later; their key for it hands nothing in.
  const mayEverSign = useSession().permissions.includes('report.sign')
  const { types, failed } = useDictionary()
  const autosave = useAutosave(study)
  const [amendment, setAmendment] = useState<DraftAmendment | null>(amending?.amendment ?? null)
  const [reasonLacks, setReasonLacks] = useState(false)
  const [signingOff, setSigningOff] = useState<{ text: ReportText; amendment: Amendment | null } | null>(null)
  const [kept, setKept] = useState<KeptWork | null>(null)
  const [changesShown, setChangesShown] = useState(false)

  const save = (change: { text?: ReportText; amendment?: DraftAmendment | null }) =>
    autosave.change({ text: text.now(), amendment, keyImages: keyImages.images, ...change })
  const text = useReportText(opened.text, (all) => save({ text: all }))
  const keyImages = useKeyImages({
    study,
    initial: opened.keyImages,
    onImages: (images) => autosave.change({ text: text.now(), amendment, keyImages: images }),
    onArrived: (images) => autosave.late({ text: text.now(), amendment, keyImages: images }),
  })
  const aids = useWritingAids({ study, exam, text })
  const doubts = useDoubts(text.settled, aids.facts)
  useReportTaker({ insertText: text.insertAside, addKeyImage: keyImages.add })

  const reread = () => void queries.invalidateQueries({ queryKey: ['report', study] })
  const reasoned = amendment && Amendment.safeParse(amendment)
  const handOver = useHandOver({
    study,
    facts: aids.facts,
    suspected: text.criticals.filter(needsDecision).length,
    autosave: { drop: autosave.drop, resume: () => save({}) },
    onFailed: () => text.focus(),
    onSign: (signed) => setSigningOff({ text: signed, amendment: reasoned?.data ?? null }),
  })
  const begin = async (purpose: 'sign' | 'submit'): Promise<void> => {
    if (text.tooLong !== null || signingOff) return
    // An image that comes after the signature would begin another version.
    const arriving = keyImages.arrived()
    if (arriving) await arriving
    void autosave.flush()
    setReasonLacks(reasoned?.success === false)
    if (reasoned?.success !== false) handOver.begin(purpose, text.now())
  }
  const submits = standing !== 'reviewing'
  useReportActions({
    save: () => void autosave.flush(),
    sign: mayEverSign ? () => signs && void begin('sign') : null,
    submit: submits ? () => void begin('submit') : null,
    text,
    doubts,
  })

  return (
    // What is on its way to the reviewer is not written in: nobody would see it.
    <div className="report" data-testid="report-editor" inert={handOver.busy}>
      {standing !== 'writing' && (
        <ReviewBanner
          study={study}
          standing={standing}
          opened={opened}
          notice=""
          onDone={reread}
          onReject={async (comment) => {
            await autosave.drop()
            try {
              await unwrap(bridge.reportReject({ study, text: text.now(), comment }))
            } catch (thrown) {
              save({})
              throw thrown
            }
            void queries.invalidateQueries({ queryKey: ['worklist'] })
            reread()
          }}
          onLetGo={autosave.drop}
          changes={{ shown: changesShown, toggle: () => setChangesShown(!changesShown) }}
        />
      )}
      {amending && amendment && (
        <AmendmentBar
          amendment={amendment}
          version={amending.version}
          lacks={reasonLacks}
          onAmendment={(changed) => {
            setAmendment(changed)
            save({ amendment: changed })
          }}
          onGiveUp={async () => {
            await autosave.drop()
            try {
              await unwrap(bridge.reportDiscardDraft({ study }))
            } catch (thrown) {
              // It stays, so what was typed last stays with it.
              save({})
              throw thrown
            }
            amending.onGivenUp()
          }}
        />
      )}
      <EditorNotices recovered={opened.recovered} dictionaryFailed={failed} />
      <WritingAids aids={aids} text={text} study={study} versions={opened.versions} />
      {changesShown && <HandedInChanges study={study} present={text.settled} />}
      <EditorSections
        text={text}
        initial={opened.text}
        exam={exam}
        expansion={aids.expansion}
        onLeave={() => void autosave.flush()}
      />
      <KeyImageStrip study={study} images={keyImages.images} onImages={keyImages.change} />
      <DoubtsPanel
        doubts={doubts}
        onJump={text.jump}
        onFix={(doubt) => {
          if (text.now()[doubt.section].slice(doubt.start, doubt.end) !== doubt.words) return
          text.jump(doubt)
          text.insert(doubt.expected)
        }}
      />
      <FindingsPanel findings={text.criticals} typeName={types.name} onJump={text.jump} />
      <ReportFoot
        save={autosave.state}
        tooLong={text.tooLong}
        submits={submits}
        busy={handOver.busy}
        failure={handOver.failure}
        onSubmit={() => void begin('submit')}
        onSignOff={() => void begin('sign')}
      />
      {handOver.asked && (
        <HandOverDialog
          {...handOver.asked}
          onBack={() => {
            handOver.back()
            setTimeout(() => text.focus())
          }}
          onJump={(doubt) => {
            handOver.back()
            setTimeout(() => text.jump(doubt))
          }}
          onGo={handOver.confirm}
        />
      )}
      {signingOff && (
        <SignOffDialog
          study={study}
          text={signingOff.text}
          amendment={signingOff.amendment}
          signedText={amending?.signed ?? null}
          keyImages={keyImages.images}
          kept={kept}
          onBack={(entered) => {
            setKept(entered)
            setSigningOff(null)
            setTimeout(() => text.focus('impression'))
          }}
        />
      )}
    </div>
  )
}
