import { useMemo, useState } from 'react'
import type { ExamContext, ReportSection } from '../../shared/critical/index.ts'
import type { ReportFacts } from '../../shared/report/consistency/index.ts'
import type { SignedReport } from '../../shared/report/index.ts'
import type { ReportTemplate } from '../../shared/settings/index.ts'
import { usePreferences } from '../app/preferences.ts'
import { usePermission } from '../app/session.ts'
import { useClock } from '../bridge/index.ts'
import { useAction } from '../keys/keys-provider.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { HistoryDialog } from './history/history-dialog.tsx'
import { phrasesInForce } from './phrases/delivered.ts'
import { expansionAt, expansionWhileTyping, insertionOf } from './phrases/expansion.ts'
import { PhraseDialog } from './phrases/phrase-dialog.tsx'
import { PriorsPanel } from './priors/priors-panel.tsx'
import { usePriorReport, usePriors } from './priors/use-priors.ts'
import { ReportTools } from './report-tools.tsx'
import { deliveredTemplates } from './templates/delivered.ts'
import { fitting } from './templates/ranking.ts'
import { TemplateManager } from './templates/template-manager.tsx'
import { TemplatePicker } from './templates/template-picker.tsx'
import type { WrittenText } from './use-report-text.ts'
import { useToday } from './use-today.ts'

type Open = 'templates' | 'manager' | 'phrases' | 'history' | null

/** Templates, phrases and prior reports of one exam, and the facts by which its report is judged. */
export function useWritingAids({
  study,
  exam,
  text,
}: {
  study: string
  exam: ExamContext | null
  text: WrittenText
}) {
  const preferences = usePreferences()
  const today = useToday()
  const [open, setOpen] = useState<Open>(null)
  const [priorsShown, setPriorsShown] = useState(() => preferences.read().priorReport)
  const [chosen, setChosen] = useState<string | null>(null)
  const [{ templates: own, expandIn }] = useSetting('templates')
  const [{ phrases: ownPhrases }] = useSetting('phrases')
  const phrases = useMemo(() => phrasesInForce(ownPhrases), [ownPhrases])
  const templates = useMemo(() => [...own, ...deliveredTemplates], [own])
  const priors = usePriors(study)
  const reported = useMemo(() => priors.data?.filter((prior) => prior.reported) ?? [], [priors.data])
  const likeliest = reported.find((prior) => !prior.masked)?.studyInstanceUid ?? null
  const prior = chosen ?? likeliest
  const report = usePriorReport(priorsShown ? prior : null)
  const facts = useMemo(
    (): ReportFacts => ({
      exam,
      today,
      priors:
        priors.data?.map((each) => ({
          date: each.studyDate,
          ...(each.studyInstanceUid === prior && report.data ? { text: report.data.document.text } : {}),
        })) ?? null,
    }),
    [exam, today, priors.data, prior, report.data],
  )
  const showPriors = (shown: boolean) => {
    preferences.write({ priorReport: shown })
    setPriorsShown(shown)
    if (!shown) text.focus()
  }
  useAction('report.template', () => setOpen('templates'))
  useAction('report.phrases', () => setOpen('phrases'))
  useAction('report.history', () => setOpen('history'))
  useAction('report.priors', () => showPriors(!priorsShown), reported.length > 0)
  const empty = text.settled.findings.trim() === '' && text.settled.impression.trim() === ''
  return {
    open,
    setOpen,
    templates,
    own,
    offered: empty ? (fitting(templates, exam)[0] ?? null) : null,
    exam,
    priors: {
      reported,
      chosen: prior,
      setChosen,
      report,
      shown: priorsShown && reported.length > 0,
      show: showPriors,
    },
    facts,
    expansion: (section: ReportSection, before: string, typing: boolean) => {
      if (!expandIn.includes(section)) return null
      return (typing ? expansionWhileTyping : expansionAt)(before, phrases, exam?.modality ?? '')
    },
  }
}

interface WritingAidsProps {
  aids: ReturnType<typeof useWritingAids>
  text: WrittenText
  study: string
  versions: readonly SignedReport[]
}

/** The line of tools above the text, and what each opens. */
export function WritingAids({ aids, text, study, versions }: WritingAidsProps) {
  const { open, setOpen, priors, exam } = aids
  const clock = useClock()
  const keeps = usePermission('settings.own')
  const close = () => {
    setOpen(null)
    setTimeout(() => text.focus())
  }
  const pick = (template: ReportTemplate) => {
    setOpen(null)
    text.add(template)
  }
  return (
    <>
      <ReportTools
        priors={priors.reported.length > 0 ? priors.shown : null}
        priorCount={priors.reported.length}
        onTemplate={() => setOpen(open === 'templates' ? null : 'templates')}
        onPhrases={() => setOpen('phrases')}
        onPriors={() => priors.show(!priors.shown)}
        onHistory={() => setOpen('history')}
        offered={aids.offered}
        onOffered={pick}
      />
      {open === 'templates' && (
        <TemplatePicker
          templates={aids.templates}
          own={new Set(aids.own.map(({ id }) => id))}
          exam={exam}
          onPick={pick}
          onManage={() => keeps && setOpen('manager')}
          onClose={close}
        />
      )}
      {open === 'manager' && (
        <TemplateManager
          fresh={() => ({
            id: `own-${clock()}`,
            name: '',
            modality: exam?.modality ?? '',
            bodyParts: exam?.bodyPart ? [exam.bodyPart.slice(0, 40)] : [],
            sex: '',
            findings: text.now().findings.slice(0, 8000),
            impression: text.now().impression.slice(0, 4000),
          })}
          onClose={close}
        />
      )}
      {open === 'phrases' && (
        <PhraseDialog
          onInsert={(phrase) => {
            setOpen(null)
            setTimeout(() => text.insert(insertionOf(phrase.text).insert))
          }}
          onClose={close}
        />
      )}
      {open === 'history' && (
        <HistoryDialog study={study} versions={versions} present={text.now()} onClose={close} />
      )}
      {priors.shown && (
        <PriorsPanel
          priors={priors.reported}
          chosen={priors.chosen}
          onChoose={priors.setChosen}
          report={{
            data: priors.report.data,
            error: priors.report.error,
            retry: () => void priors.report.refetch(),
          }}
          present={text.settled}
          onCopy={(words) => (typeof words === 'string' ? text.insert(words) : text.add(words))}
          onClose={() => priors.show(false)}
        />
      )}
    </>
  )
}
