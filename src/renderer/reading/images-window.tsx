import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { App as AntApp } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionView } from '../../shared/session/index.ts'
import { ErrorRegion } from '../app/error-region.tsx'
import { FailureNotice } from '../app/failure-notice.tsx'
import { useInputActivity } from '../app/input-activity.ts'
import { usePage } from '../app/page.ts'
import { SessionContext } from '../app/session.ts'
import { unwrap, useBridge, useFollowedState } from '../bridge/index.ts'
import { KeysProvider, useAction } from '../keys/keys-provider.tsx'
import { useSettingsOfOtherWindow } from '../settings/other-window.ts'
import { ImagesLinkContext, useFirstWindowStudy, useWindowLink } from './images-link.ts'
import './reading.css'
import { useViewerLifetime } from './viewer-lifetime.ts'
import { useSessionMemories, ViewerMemoriesContext } from './viewer-memories.ts'

const StudyImages = lazy(() => import('./study-images.tsx'))

/**
 * The window on another screen: the images of the exam that the first window has open, laid out in a way of its own. It has content
 * only while the session is active; unlocking and signing in are the first window's.
 */
export default function ImagesWindow() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const state = useFollowedState(
    'state',
    (event) => event.state,
    () => unwrap(bridge.workstationState()),
  )
  const memories = useSessionMemories(state && 'session' in state ? state.session.id : null)
  useEffect(() => {
    document.title = t('reading.imagesWindowTitle')
  }, [t])
  if (!state) return <Nothing say={t('app.loading')} />
  if (state.phase === 'locked') return <Nothing say={t('reading.imagesWindowLocked')} />
  if (state.phase !== 'active') return <Nothing say={t('reading.imagesWindowSignedOut')} />
  return (
    <ViewerMemoriesContext value={memories}>
      <Images key={state.session.id} session={state.session} />
    </ViewerMemoriesContext>
  )
}

function Nothing({ say }: { say: string }) {
  return (
    <main className="images-window fill-message" data-testid="images-window-nothing">
      {say}
    </main>
  )
}

function Images({ session }: { session: SessionView }) {
  const { overlays } = usePage()
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
          mutations: { retry: false, networkMode: 'always' },
        },
      }),
  )
  useEffect(() => () => queries.clear(), [queries])
  useInputActivity()
  useViewerLifetime(session.permissions.includes('study.read'))
  const link = useWindowLink()
  const study = useFirstWindowStudy(link)
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <AntApp message={{ getContainer: () => overlays }} component={false}>
          <KeysProvider>
            <ImagesLinkContext value={link}>
              <ErrorRegion>
                <Room study={study} />
              </ErrorRegion>
            </ImagesLinkContext>
          </KeysProvider>
        </AntApp>
      </QueryClientProvider>
    </SessionContext>
  )
}

function Room({ study }: { study: string | null }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const opened = useQuery({
    queryKey: ['study', study],
    queryFn: () => unwrap(bridge.studyOpen({ study: study ?? '' })),
    enabled: study !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  useSettingsOfOtherWindow()
  useAction('window.lock', () => void bridge.workstationLock())
  useAction('images.otherScreen', () => void bridge.workstationImagesWindow({ open: false }))
  if (study === null) return <Nothing say={t('reading.imagesWindowNothing')} />
  if (opened.isError)
    return (
      <FailureNotice
        title={t('reading.failed')}
        thrown={opened.error}
        onRetry={() => void opened.refetch()}
      />
    )
  if (!opened.data) return <Nothing say={t('reading.opening')} />
  return (
    <main className="images-window" data-testid="images-window-room" data-study={study}>
      <Suspense fallback={<div className="fill-message">{t('reading.opening')}</div>}>
        <StudyImages study={opened.data.study} order={opened.data.order} />
      </Suspense>
    </main>
  )
}
