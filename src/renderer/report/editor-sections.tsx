import { useTranslation } from 'react-i18next'
import type { ExamContext } from '../../shared/critical/index.ts'
import type { ReportText } from '../../shared/report/index.ts'
import { useDictionary } from './dictionary.ts'
import { SectionEditor } from './editor/section-editor.tsx'
import { useFindingWords } from './finding-words.ts'
import type { Expansion } from './phrases/expansion.ts'
import { sections, type WrittenText } from './use-report-text.ts'

interface EditorSectionsProps {
  text: WrittenText
  /** Taken at mount. */
  initial: ReportText
  exam: ExamContext | null
  expansion: (section: (typeof sections)[number], before: string, typing: boolean) => Expansion | null
  onLeave: () => void
}

/** 影像所见 and 诊断意见, one editor each. */
export function EditorSections({ text, initial, exam, expansion, onLeave }: EditorSectionsProps) {
  const { t } = useTranslation()
  const { analyser, types } = useDictionary()
  const words = useFindingWords(types.name)
  return sections.map((section) => (
    <section key={section} className={`report-section report-section-${section}`}>
      <h3>{t(`report.section.${section}`)}</h3>
      <SectionEditor
        ref={(handle) => {
          text.editors.current[section] = handle
        }}
        initial={initial[section]}
        label={t(`report.section.${section}`)}
        hint={t(`report.placeholder.${section}`)}
        analyser={analyser}
        exam={exam}
        words={words}
        onText={(changed) => text.changed(section, changed)}
        onLeave={onLeave}
        onFocus={() => text.focused(section)}
        onFindings={(findings) => text.findings(section, findings)}
        expansion={(before, typing) => expansion(section, before, typing)}
        onBeyond={(direction) => {
          const other = direction > 0 ? 'impression' : 'findings'
          return other !== section && (text.editors.current[other]?.enterField(direction) ?? false)
        }}
        testId={`editor-${section}`}
      />
    </section>
  ))
}
