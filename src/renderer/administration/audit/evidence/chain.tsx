import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AuditVerificationState } from '../../../../shared/api/audit.ts'
import { failureOf } from '../../../../shared/errors/index.ts'
import { FailureNotice, useFailureSentence } from '../../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../../bridge/index.ts'
import { dateTime } from '../../../i18n/index.ts'
import { administrationKey } from '../../frame/listing.ts'
import { useJumps } from '../jumps.ts'
import { noConditions } from '../search/conditions.ts'
import { FactList } from './fact-list.tsx'

const key = [administrationKey, 'audit-verification']

/** Whether every record is as it was written, and in its place: checked on request, with what was found in plain words. */
export function Chain() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const query = useQuery({
    queryKey: key,
    queryFn: () => unwrap(bridge.auditVerification()),
    refetchInterval: ({ state }) => (state.data?.running ? 1000 : 15_000),
  })
  const verify = useMutation({
    mutationFn: () => unwrap(bridge.auditVerify()),
    onSuccess: (state) => queries.setQueryData(key, state),
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
  const state = query.data
  return (
    <section className="audit-panel" aria-labelledby="audit-chain" data-testid="audit-chain">
      <header className="audit-panel-head">
        <h2 id="audit-chain">{t('auditor.chain.title')}</h2>
        <Button
          type="primary"
          onClick={() => verify.mutate()}
          loading={verify.isPending}
          disabled={state?.running ?? true}
          data-testid="chain-verify"
        >
          {t('auditor.chain.verify')}
        </Button>
      </header>
      {state ? (
        <>
          <Verdict state={state} />
          {state.running && <Progress {...state} />}
          <Faults faults={state.faults} />
          <Facts state={state} />
        </>
      ) : query.isError ? (
        <FailureNotice
          title={t('administration.failed')}
          thrown={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <p className="quiet">{t('app.loading')}</p>
      )}
    </section>
  )
}

function Verdict({ state: { running, finishedAt, faults } }: { state: AuditVerificationState }) {
  const { t } = useTranslation()
  const verdict = running ? 'running' : faults.length > 0 ? 'broken' : finishedAt === null ? 'never' : 'whole'
  const weight = { running: 'state-warn', broken: 'state-bad', never: 'state-warn', whole: 'state-ok' }[
    verdict
  ]
  return (
    <p className={`audit-verdict ${weight}`} role="status" data-testid="chain-verdict" data-verdict={verdict}>
      {t(`auditor.chain.verdict.${verdict}`, { count: faults.length })}
    </p>
  )
}

function Progress({ rows, total }: AuditVerificationState) {
  const { t } = useTranslation()
  return (
    <div className="audit-busy" data-testid="chain-progress">
      <progress value={rows} max={Math.max(total, 1)} aria-label={t('auditor.chain.verdict.running')} />
      <span className="number">{t('auditor.chain.progress', figures(rows, total))}</span>
    </div>
  )
}

const figures = (rows: number, total: number) => ({
  rows: rows.toLocaleString('en-US'),
  total: total.toLocaleString('en-US'),
})

/** Which record, and what was done to it. */
function Faults({ faults }: Pick<AuditVerificationState, 'faults'>) {
  const { t } = useTranslation()
  const jumps = useJumps()
  if (faults.length === 0) return null
  return (
    <ul className="audit-faults" aria-label={t('auditor.chain.faults')} data-testid="chain-faults">
      {faults.map(({ seq, fault }) => (
        <li key={`${seq}-${fault}`} data-fault={fault}>
          <span className="state-bad">{t(`auditor.chain.fault.${fault}`, { seq })}</span>
          {seq > 0 && (
            <button
              type="button"
              className="audit-press"
              onClick={() => jumps.toRecords({ ...noConditions, upTo: seq + 3 })}
              data-testid="fault-record"
            >
              {t('auditor.chain.around')}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Facts({
  state: { rows, total, startedAt, finishedAt, checkpoint },
}: {
  state: AuditVerificationState
}) {
  const { t } = useTranslation()
  return (
    <FactList
      facts={[
        [t('auditor.chain.checked'), t('auditor.chain.progress', figures(rows, total))],
        [t('auditor.chain.startedAt'), startedAt === null ? t('interfaces.never') : dateTime(startedAt)],
        [t('auditor.chain.finishedAt'), finishedAt === null ? t('interfaces.never') : dateTime(finishedAt)],
        [
          t('auditor.chain.checkpoint'),
          checkpoint
            ? t('auditor.chain.checkpointAt', { seq: checkpoint.seq, time: dateTime(checkpoint.at) })
            : t('auditor.chain.noCheckpoint'),
        ],
        [
          t('auditor.chain.shipped'),
          checkpoint && checkpoint.shippedSeq !== null && checkpoint.shippedAt !== null ? (
            t('auditor.chain.checkpointAt', {
              seq: checkpoint.shippedSeq,
              time: dateTime(checkpoint.shippedAt),
            })
          ) : (
            <span key="not-shipped" className="state-warn">
              {t('auditor.chain.notShipped')}
            </span>
          ),
        ],
      ]}
    />
  )
}
