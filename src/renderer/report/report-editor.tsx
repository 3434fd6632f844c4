import { Button } from 'antd'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExamContext, Finding, ReportSection, SectionFinding } from '../../shared/critical/index.ts'
import { Amendment, type DraftAmendment, type ReportText } from '../../shared/report/index.ts'
import { usePermission, useSession } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { type KeptWork, SignOffDialog } from '../sign-off/sign-off-dialog.tsx'
import { AmendmentBar } from './amendment-bar.tsx'
import { useDictionary } from './dictionary.ts'
import { SectionEditor, type SectionEditorHandle } from './editor/section-editor.tsx'
import { useFindingWords } from './finding-words.ts'
import { FindingsPanel } from './findings-panel.tsx'
import { SaveIndicator } from './save-indicator.tsx'
import { useAutosave } from './use-autosave.ts'

interface ReportEditorProps {
  study: string
  /** Taken at mount. */
  initial: ReportText
  recovered: boolean
  exam: ExamContext | null
  /** On a report that is signed already: what the new version is for, as it was begun or last saved, and which it will be, after what text. */
  amending: { amendment: DraftAmendment; version: number; signed: ReportText; onGivenUp: () => void } | null
}

const sections = ['findings', 'impression'] as const
/** The bounds of ReportText. */
const longest: Record<ReportSection, number> = { findings: 20_000, impression: 10_000 }

/** Writing a report: two sections, the critical terms in them, and where the draft is saved. */
export function ReportEditor({ study, initial, recovered, exam, amending }: ReportEditorProps) {
  const { t } = useTranslation()
  const signs = usePermission('report.sign')
  // A button that is missing explains nothing.
  const withheld = useSession().factor === 'fallback'
  const { analyser, types, failed } = useDictionary()
  const words = useFindingWords(types.name)
  const bridge = useBridge()
  const autosave = useAutosave(study)
  const editors = useRef<Record<ReportSection, SectionEditorHandle | null>>({
    findings: null,
    impression: null,
  })
  const [found, setFound] = useState<Record<ReportSection, readonly Finding[]>>({
    findings: [],
    impression: [],
  })
  const [tooLong, setTooLong] = useState<ReportSection | null>(null)
  const [amendment, setAmendment] = useState<DraftAmendment | null>(amending?.amendment ?? null)
  const [reasonLacks, setReasonLacks] = useState(false)
  const [signingOff, setSigningOff] = useState<{ text: ReportText; amendment: Amendment | null } | null>(null)
  const [kept, setKept] = useState<KeptWork | null>(null)

  const textNow = (): ReportText => ({
    findings: editors.current.findings?.text() ?? initial.findings,
    impression: editors.current.impression?.text() ?? initial.impression,
  })
  /** What is saved: the settled text of the section that changed, and the other as it stands. */
  const changed = (section: ReportSection, text: string) => {
    const all = { ...textNow(), [section]: text }
    const over = sections.find((each) => all[each].length > longest[each]) ?? null
    setTooLong(over)
    if (over === null) autosave.change({ text: all, amendment })
  }
  const openSignOff = () => {
    if (!signs || tooLong !== null || signingOff) return
    void autosave.flush()
    const reasoned = amendment && Amendment.safeParse(amendment)
    if (reasoned && !reasoned.success) return setReasonLacks(true)
    setReasonLacks(false)
    setSigningOff({ text: textNow(), amendment: reasoned?.data ?? null })
  }
  useReportKeys({ save: () => void autosave.flush(), signOff: openSignOff })

  const all: SectionFinding[] = sections.flatMap((section) =>
    found[section].map((finding) => ({ ...finding, section })),
  )
  return (
    <div className="report" data-testid="report-editor">
      {amending && amendment && (
        <AmendmentBar
          amendment={amendment}
          version={amending.version}
          lacks={reasonLacks}
          onAmendment={(changed) => {
            setAmendment(changed)
            autosave.change({ text: textNow(), amendment: changed })
          }}
          onGiveUp={async () => {
            await autosave.drop()
            try {
              await unwrap(bridge.reportDiscardDraft({ study }))
            } catch (thrown) {
              // It stays, so what was typed last stays with it.
              autosave.change({ text: textNow(), amendment })
              throw thrown
            }
            amending.onGivenUp()
          }}
        />
      )}
      {recovered && (
        <div className="notice notice-info" role="status" data-testid="report-recovered">
          {t('report.recovered')}
        </div>
      )}
      {failed && (
        <div className="notice" role="status" data-testid="dictionary-failed">
          {t('report.dictionaryFailed')}
        </div>
      )}
      {sections.map((section) => (
        <section key={section} className={`report-section report-section-${section}`}>
          <h3>{t(`report.section.${section}`)}</h3>
          <SectionEditor
            ref={(handle) => {
              editors.current[section] = handle
            }}
            initial={initial[section]}
            label={t(`report.section.${section}`)}
            hint={t(`report.placeholder.${section}`)}
            analyser={analyser}
            exam={exam}
            words={words}
            onText={(text) => changed(section, text)}
            onLeave={() => void autosave.flush()}
            onFindings={(findings) => setFound((current) => ({ ...current, [section]: findings }))}
            testId={`editor-${section}`}
          />
        </section>
      ))}
      <FindingsPanel
        findings={all}
        typeName={types.name}
        onJump={(finding) => editors.current[finding.section]?.jump(finding.start, finding.end)}
      />
      <footer className="report-foot">
        {tooLong ? (
          <span className="save-state save-refused" role="alert">
            {t(`report.section.${tooLong}`)}：{t('report.tooLong', { max: longest[tooLong] })}
          </span>
        ) : (
          <SaveIndicator state={autosave.state} />
        )}
        {signs && (
          <Button
            type="primary"
            onClick={openSignOff}
            disabled={tooLong !== null}
            title={t('report.signOffHint')}
            data-testid="sign-off"
          >
            {t('report.signOff')}
          </Button>
        )}
        {withheld && (
          <span className="quiet" data-testid="sign-off-withheld">
            {t('report.signOffNeedsKey')}
          </span>
        )}
      </footer>
      {signingOff && (
        <SignOffDialog
          study={study}
          text={signingOff.text}
          amendment={signingOff.amendment}
          signedText={amending?.signed ?? null}
          kept={kept}
          onBack={(entered) => {
            setKept(entered)
            setSigningOff(null)
            setTimeout(() => editors.current.impression?.focus())
          }}
        />
      )}
    </div>
  )
}

/** Ctrl+S and Ctrl+Enter, before the editor or the browser take them. */
function useReportKeys(keys: { save: () => void; signOff: () => void }) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return
    const action = event.key === 'Enter' ? keys.signOff : event.key.toLowerCase() === 's' ? keys.save : null
    if (!action || document.querySelector('[role=dialog]')) return
    event.preventDefault()
    event.stopPropagation()
    action()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [])
}
