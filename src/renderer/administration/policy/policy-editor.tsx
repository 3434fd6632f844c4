import { App, Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PolicyVersion } from '../../../shared/api/administration.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { usePermission } from '../../app/session.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { ChangeList } from './change-list.tsx'
import { type Drafts, drafted, openDrafts, valueAt } from './changes.ts'
import { ParameterRow } from './parameter-row.tsx'
import { authorName } from './parameter-words.ts'
import { boundsOf, sections } from './parameters.ts'

interface PolicyEditorProps {
  inForce: PolicyVersion
  /** Reads the version in force anew. */
  onStale: () => Promise<unknown>
}

/**
 * The policy in force and what is to change in it. Drafts hang on parameters, not on a version: when another officer has
 * changed the policy they stand over the new one, which is said.
 */
export function PolicyEditor({ inForce, onStale }: PolicyEditorProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { message } = App.useApp()
  const writes = usePermission('policy.write')
  const bounds = useMemo(boundsOf, [])
  const [kept, setDrafts] = useState<Drafts>({})
  const [seen, setSeen] = useState(inForce.version)
  const [reviewing, setReviewing] = useState(false)
  const base = inForce.policy
  const drafts = openDrafts(base, kept)
  const count = Object.keys(drafts).length
  const next = drafted(base, drafts, bounds)
  const overtaken = count > 0 && seen !== inForce.version
  const draft = (path: string, value: Drafts[string] | undefined) => {
    const { [path]: _, ...others } = drafts
    setDrafts(value === undefined ? others : { ...others, [path]: value })
    if (count === 0) setSeen(inForce.version)
  }
  const save = async () => {
    if (!next.policy) return
    try {
      const { version } = await unwrap(
        bridge.administrationChangePolicy({ policy: next.policy, baseVersion: inForce.version }),
      )
      setDrafts({})
      void message.success(t('administration.policy.saved', { version }))
    } catch (thrown) {
      // Another officer was faster: the notice above the editor says so.
      if (failureOf(thrown).code !== 'conflict') throw thrown
    } finally {
      await onStale()
    }
  }
  return (
    <div className="policy" data-testid="policy-editor">
      <div className="policy-sections">
        {overtaken && (
          <div className="notice policy-overtaken" role="alert" data-testid="policy-overtaken">
            <span>
              {t('administration.policy.overtaken', {
                who: authorName(t, inForce.changedBy),
                time: dateTime(inForce.changedAt),
                version: inForce.version,
              })}
            </span>
            <span className="space" />
            <Button size="small" onClick={() => setSeen(inForce.version)}>
              {t('administration.policy.overtakenSeen')}
            </Button>
          </div>
        )}
        {sections.map((section) => (
          <section key={section.id} className="policy-section" aria-labelledby={`policy-${section.id}`}>
            <h2 id={`policy-${section.id}`}>{t(`administration.policy.section.${section.id}`)}</h2>
            {section.parameters.map((parameter) => {
              const bound = bounds.get(parameter.path)
              return (
                bound && (
                  <ParameterRow
                    key={parameter.path}
                    parameter={parameter}
                    bound={bound}
                    inForce={valueAt(base, parameter.path)}
                    draft={drafts[parameter.path]}
                    wrong={next.mistakes.has(parameter.path)}
                    readOnly={!writes}
                    onDraft={(value) => draft(parameter.path, value)}
                  />
                )
              )
            })}
          </section>
        ))}
      </div>
      <footer className="policy-foot">
        <span className="quiet">
          {t(`administration.policy.${inForce.changedBy === 'gateway' ? 'inForceFirst' : 'inForce'}`, {
            version: inForce.version,
            who: authorName(t, inForce.changedBy),
            time: dateTime(inForce.changedAt),
          })}
        </span>
        <span className="space" />
        {writes ? (
          <>
            <span role="status" data-testid="policy-count">
              {next.mistakes.size > 0 ? (
                <span className="state-bad">
                  {t('administration.policy.mistakes', { n: next.mistakes.size })}
                </span>
              ) : (
                t('administration.policy.changed', { n: count })
              )}
            </span>
            <Button onClick={() => setDrafts({})} disabled={count === 0} data-testid="policy-undo-all">
              {t('administration.policy.undoAll')}
            </Button>
            <Button
              type="primary"
              onClick={() => setReviewing(true)}
              disabled={count === 0 || !next.policy}
              data-testid="policy-review"
            >
              {t('administration.policy.review')}
            </Button>
          </>
        ) : (
          <span className="quiet">{t('administration.policy.readOnly')}</span>
        )}
      </footer>
      {reviewing && (
        <ActionDialog
          title={t('administration.policy.reviewTitle')}
          submit={t('administration.policy.save')}
          ready={next.policy !== null && next.changes.length > 0}
          run={save}
          onDone={() => setReviewing(false)}
          onClose={() => setReviewing(false)}
          width={680}
        >
          <p className="dialog-text">{t('administration.policy.reviewText')}</p>
          <ChangeList changes={next.changes} />
        </ActionDialog>
      )}
    </div>
  )
}
