import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as AntApp } from 'antd'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionView } from '../../shared/session/index.ts'
import type { AccountView } from '../account/account-dialog.tsx'
import { type Notice, SessionNotices } from '../account/session-notices.tsx'
import { AlertsRegion } from '../alerts/alerts-region.tsx'
import { AttentionBar } from '../alerts/attention/attention-bar.tsx'
import { KeysProvider } from '../keys/keys-provider.tsx'
import { useViewerLifetime } from '../reading/viewer-lifetime.ts'
import type { ClaimedByOther } from '../worklist/read-only-exam.tsx'
import { type Area, areasOf } from './areas.ts'
import { ErrorRegion } from './error-region.tsx'
import { Header } from './header.tsx'
import { useInputActivity } from './input-activity.ts'
import { LiveQueries } from './live-queries.tsx'
import { usePage } from './page.ts'
import { SessionContext } from './session.ts'
import './workspace.css'

const ReadingArea = lazy(() => import('../reading/reading-area.tsx'))
const ExamArea = lazy(() => import('../exam/exam-area.tsx'))
const RetrospectArea = lazy(() => import('../retrospect/retrospect-area.tsx'))
const DictionaryArea = lazy(() => import('../dictionary/dictionary-area.tsx'))
const AdministrationArea = lazy(() => import('../administration/administration-area.tsx'))

interface WorkspaceProps {
  session: SessionView
  /** The study that is open in the reading room. */
  study: string | null
  /** Whose claim makes it one to look at only. */
  readOnly: ClaimedByOther | null
  onStudy: (study: string | null, readOnly?: ClaimedByOther | null) => void
  /** What this session has been told and has put away: not told again after a lock. */
  seen: readonly Notice[]
  onSeen: (notice: Notice) => void
}

/** Everything that a signed-in person sees. Unmounting it forgets all clinical content. */
export function Workspace({ session, study, readOnly, onStudy, seen, onSeen }: WorkspaceProps) {
  const { t } = useTranslation()
  const { overlays } = usePage()
  const queries = useForgottenQueries()
  useInputActivity()
  useViewerLifetime(session.permissions.includes('study.read'))
  const areas = areasOf(session.permissions)
  const [chosen, setChosen] = useState<Area | null>(null)
  const area = chosen ?? areas[0] ?? null
  const openStudy = (uid: string) => {
    setChosen('reading')
    onStudy(uid)
  }
  const [account, setAccount] = useState<AccountView | null>(null)

  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        {/* Its messages may name an exam: they go with the workspace. */}
        <AntApp message={{ getContainer: () => overlays }} component={false}>
          <LiveQueries />
          <KeysProvider>
            <AlertsRegion onOpenStudy={openStudy}>
              <div className="workspace" data-testid="workspace">
                <ErrorRegion>
                  <Header
                    areas={areas}
                    area={area}
                    onArea={setChosen}
                    account={account}
                    onAccount={setAccount}
                  />
                  {session.permissions.includes('alert.read') && <AttentionBar />}
                  <SessionNotices
                    seen={seen}
                    onSeen={onSeen}
                    onChangePassword={() => setAccount('password')}
                  />
                </ErrorRegion>
                <main className="workspace-main">
                  <ErrorRegion key={area}>
                    <Suspense fallback={<div className="fill-message">{t('app.loading')}</div>}>
                      {area ? (
                        screenOf(area, { study, readOnly, onStudy }, openStudy)
                      ) : (
                        <div className="fill-message">{t('app.nothingForYou')}</div>
                      )}
                    </Suspense>
                  </ErrorRegion>
                </main>
              </div>
            </AlertsRegion>
          </KeysProvider>
        </AntApp>
      </QueryClientProvider>
    </SessionContext>
  )
}

function screenOf(
  area: Area,
  open: Pick<WorkspaceProps, 'study' | 'readOnly' | 'onStudy'>,
  openStudy: (study: string) => void,
): ReactNode {
  switch (area) {
    case 'reading':
      return <ReadingArea {...open} />
    case 'exam':
      return <ExamArea study={open.study} onStudy={open.onStudy} />
    case 'report-search':
    case 'missed':
    case 'statistics':
      return <RetrospectArea area={area} onOpenStudy={openStudy} />
    case 'dictionary':
      return <DictionaryArea />
    default:
      return <AdministrationArea area={area} />
  }
}

/** A query cache that lives as long as the workspace and is emptied with it. */
function useForgottenQueries(): QueryClient {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { retry: false, refetchOnWindowFocus: false, networkMode: 'always', staleTime: 5_000 },
          mutations: { retry: false, networkMode: 'always' },
        },
      }),
  )
  useEffect(() => () => client.clear(), [client])
  return client
}
