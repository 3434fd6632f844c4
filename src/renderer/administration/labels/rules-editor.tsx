import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changedRules, countOf, type LabelRule, type LabelRules } from '../../../shared/access/index.ts'
import type { LabelRulesTrial, LabelRulesVersion } from '../../../shared/api/labels.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { FieldLabelsEditor } from './field-labels.tsx'
import { RuleChangeList } from './rule-change-list.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { RuleList } from './rule-list.tsx'

interface RulesEditorProps {
  inForce: LabelRulesVersion
  /** Reads the version in force anew. */
  onStale: () => Promise<unknown>
}

/** The rules in force and what is to change in them. What was begun stands on a version: another officer's is told. */
export function RulesEditor({ inForce, onStale }: RulesEditorProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const [begun, setBegun] = useState<{ base: LabelRulesVersion; rules: LabelRules } | null>(null)
  const [asking, setAsking] = useState<{ kind: 'rule'; rule: LabelRule | null } | { kind: 'save' } | null>(
    null,
  )
  const base = begun?.base ?? inForce
  const draft = begun?.rules ?? inForce.rules
  const changes = changedRules(base.rules, draft)
  const count = countOf(changes)
  const damaged = inForce.unreadable
  const overtaken = count > 0 && base.version !== inForce.version
  const [trial, setTrial] = useState<{ of: LabelRules; result: LabelRulesTrial } | null>(null)
  const shown = trial?.of === draft ? trial.result : null
  const trying = useMutation({
    mutationFn: async (rules: LabelRules) => ({
      of: rules,
      result: await unwrap(bridge.labelsTry({ rules })),
    }),
    onSuccess: setTrial,
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
  const change = (rules: LabelRules) =>
    setBegun(countOf(changedRules(base.rules, rules)) === 0 ? null : { base, rules })
  const put = (rule: LabelRule) => {
    const known = draft.rules.some(({ id }) => id === rule.id)
    const rules = known
      ? draft.rules.map((each) => (each.id === rule.id ? rule : each))
      : [...draft.rules, rule]
    change({ ...draft, rules })
    setAsking(null)
  }
  const close = () => setAsking(null)
  return (
    <div className="label-rules" data-testid="rules-editor">
      <div className="label-rules-body">
        {overtaken && (
          <p className="notice" role="alert" data-testid="rules-overtaken">
            {t('labels.rules.overtaken', {
              who: inForce.changedBy,
              time: dateTime(inForce.changedAt),
              version: inForce.version,
            })}
          </p>
        )}
        {damaged && (
          <p className="notice notice-bad" role="alert" data-testid="rules-unreadable">
            {t('labels.rules.unreadable', {
              version: inForce.version,
              who: inForce.changedBy,
              time: dateTime(inForce.changedAt),
              from:
                damaged.from === 0
                  ? t('labels.rules.unreadableFirst')
                  : t('labels.rules.unreadableFrom', { version: damaged.from }),
            })}
          </p>
        )}
        <div className="label-rules-head">
          <p className="dialog-text">{t('labels.rules.intro')}</p>
          <span className="space" />
          <Button onClick={() => setAsking({ kind: 'rule', rule: null })} data-testid="rule-add">
            {t('labels.rules.add')}
          </Button>
        </div>
        <RuleList
          before={base.rules.rules}
          rules={draft.rules}
          trial={shown}
          onEdit={(rule) => setAsking({ kind: 'rule', rule })}
          onPut={put}
          onRemove={(id) => change({ ...draft, rules: draft.rules.filter((each) => each.id !== id) })}
        />
        <FieldLabelsEditor fields={draft.fields} onChange={(fields) => change({ ...draft, fields })} />
      </div>
      <footer className="policy-foot">
        <span className="quiet" hidden={damaged !== undefined}>
          {inForce.version === 0
            ? t('labels.rules.inForceFirst')
            : t('labels.rules.inForce', {
                version: inForce.version,
                who: inForce.changedBy,
                time: dateTime(inForce.changedAt),
              })}
        </span>
        <span className="space" />
        {shown && (
          <span role="status" data-testid="rules-trial">
            {t('labels.rules.tried', {
              exams: shown.exams,
              sensitive: shown.labelled.sensitive,
              high: shown.labelled['highly-sensitive'],
              raised: shown.raised,
              lowered: shown.lowered,
            })}
          </span>
        )}
        <span data-testid="rules-count">{t('labels.rules.changes', { n: count })}</span>
        <Button onClick={() => trying.mutate(draft)} loading={trying.isPending} data-testid="rules-try">
          {t('labels.rules.try')}
        </Button>
        <Button onClick={() => setBegun(null)} disabled={count === 0} data-testid="rules-undo">
          {t('labels.rules.undo')}
        </Button>
        <Button
          type="primary"
          danger={damaged !== undefined}
          disabled={(count === 0 && !damaged) || overtaken}
          onClick={() => setAsking({ kind: 'save' })}
          data-testid="rules-save"
        >
          {t(damaged ? 'labels.rules.rewrite' : 'labels.rules.save')}
        </Button>
      </footer>
      {asking?.kind === 'rule' && <RuleDialog rule={asking.rule} onKeep={put} onClose={close} />}
      {asking?.kind === 'save' && (
        <ActionDialog
          title={t(damaged ? 'labels.rules.rewriteTitle' : 'labels.rules.saveTitle')}
          submit={t('labels.rules.submit')}
          width={680}
          run={() => unwrap(bridge.labelsChange({ rules: draft, baseVersion: base.version }))}
          onDone={({ version }) => {
            setBegun(null)
            close()
            void message.success(t('labels.rules.saved', { version }))
            void onStale()
          }}
          onClose={() => {
            close()
            void onStale()
          }}
        >
          <p className="dialog-text">
            {damaged ? t('labels.rules.rewriteText', { version: base.version }) : t('labels.rules.saveText')}
          </p>
          <RuleChangeList changes={changes} />
        </ActionDialog>
      )}
    </div>
  )
}
