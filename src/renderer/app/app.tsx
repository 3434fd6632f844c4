import { ConfigProvider } from 'antd'
import antdEn from 'antd/locale/en_US'
import antdZh from 'antd/locale/zh_CN'
import type { i18n } from 'i18next'
import { lazy, Suspense, useEffect } from 'react'
import { I18nextProvider, useTranslation } from 'react-i18next'
import { BridgeProvider, type FrontDoor } from '../bridge/index.ts'
import { ErrorRegion } from './error-region.tsx'
import { type Page, PageContext } from './page.ts'
import { Phases } from './phases.tsx'
import { type Preferences, PreferencesContext } from './preferences.ts'
import { theme } from './theme.ts'

const ImagesWindow = lazy(() => import('../reading/images-window.tsx'))

interface AppProps {
  door: FrontDoor
  i18n: i18n
  preferences: Preferences
  page: Page
}

/** The window: everything that a screen needs from around it, then the screen of the workstation's phase. */
export function App({ door, i18n, preferences, page }: AppProps) {
  return (
    <BridgeProvider door={door}>
      <PreferencesContext value={preferences}>
        <PageContext value={page}>
          <I18nextProvider i18n={i18n}>
            <Dressed page={page} />
          </I18nextProvider>
        </PageContext>
      </PreferencesContext>
    </BridgeProvider>
  )
}

function Dressed({ page }: { page: Page }) {
  const { i18n } = useTranslation()
  useEffect(() => {
    document.documentElement.lang = i18n.language
  }, [i18n.language])
  return (
    <ConfigProvider
      csp={{ nonce: page.nonce }}
      theme={theme}
      locale={i18n.language === 'en' ? antdEn : antdZh}
      getPopupContainer={() => page.overlays}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <ErrorRegion>
        {page.imagesOnly ? (
          <Suspense fallback={null}>
            <ImagesWindow />
          </Suspense>
        ) : (
          <Phases />
        )}
      </ErrorRegion>
    </ConfigProvider>
  )
}
