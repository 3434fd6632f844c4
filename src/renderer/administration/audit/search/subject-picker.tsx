import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditCandidate } from '../../../../shared/api/audit.ts'
import type { AuditSubjectKind } from '../../../../shared/audit/index.ts'
import { failureOf } from '../../../../shared/errors/index.ts'
import { useFailureSentence } from '../../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../../bridge/index.ts'
import type { NamedSubject } from './conditions.ts'

/** How long typing must rest before the gateway is asked: each question is recorded. */
const restMs = 350

interface SubjectPickerProps {
  onPick: (subject: NamedSubject) => void
  /** Leave out for every kind. */
  kinds?: readonly AuditSubjectKind[]
  disabled?: boolean
  placeholder: string
  testId: string
}

/** Finds the person, workstation, patient or exam that is meant: typed, then ↑ ↓ and Enter. */
export function SubjectPicker({ onPick, kinds, disabled = false, placeholder, testId }: SubjectPickerProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const sentence = useFailureSentence()
  const [typed, setTyped] = useState('')
  const text = useRested(typed.trim())
  const candidates = useQuery({
    queryKey: ['audit-candidates', text],
    queryFn: () => unwrap(bridge.auditCandidates({ text })),
    enabled: text !== '',
    staleTime: 60_000,
    gcTime: 60_000,
  })
  const found = (candidates.data ?? []).filter(({ subject }) => kinds?.includes(subject.kind) ?? true)
  const keyOf = ({ subject: { kind, id } }: AuditCandidate) => `${kind}:${id}`
  const waiting = typed.trim() !== text || (text !== '' && candidates.isPending && !candidates.isError)
  return (
    <Select<string | null>
      value={null}
      placeholder={placeholder}
      disabled={disabled}
      showSearch={{
        searchValue: typed,
        onSearch: (value) => setTyped(value.slice(0, 64)),
        filterOption: false,
      }}
      suffixIcon={null}
      onChange={(key) => {
        const one = found.find((each) => keyOf(each) === key)
        setTyped('')
        if (one) onPick({ ...one.subject, label: one.label })
      }}
      options={found.map((each) => ({ value: keyOf(each), label: each.label, candidate: each }))}
      optionRender={({ data }) => <Candidate candidate={data.candidate as AuditCandidate} />}
      notFoundContent={
        <span className="quiet">
          {typed.trim() === ''
            ? t('auditor.subject.type')
            : waiting
              ? t('auditor.subject.searching')
              : candidates.isError
                ? sentence(failureOf(candidates.error))
                : t('auditor.subject.none')}
        </span>
      }
      popupMatchSelectWidth={380}
      className="audit-subject"
      aria-label={placeholder}
      data-testid={testId}
    />
  )
}

function Candidate({ candidate: { subject, label, hint } }: { candidate: AuditCandidate }) {
  const { t } = useTranslation()
  return (
    <span className="audit-candidate">
      <span className="audit-kind">{t(`auditor.kind.${subject.kind}`)}</span>
      <span className="audit-candidate-label">{label}</span>
      <span className="quiet">{hint}</span>
    </span>
  )
}

function useRested(value: string): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), value === '' ? 0 : restMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}
