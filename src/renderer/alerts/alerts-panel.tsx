import { App, Drawer } from 'antd'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../keys/keys-provider.tsx'
import { AlertBrowser } from './alert-browser.tsx'
import { type AlertsPanel, AlertsPanelContext, type PanelView } from './panel.ts'
import { QuietSwitch } from './quiet-switch.tsx'
import './panel.css'

const closedView: PanelView = { show: 'open', alert: null, form: null }

/** The panel of alerts over the workspace; its key (F8) opens and closes it from anywhere, also while something is typed. */
export function AlertsPanelProvider({
  children,
  onOpenStudy,
}: {
  children: ReactNode
  onOpenStudy: (study: string) => void
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [view, setView] = useState<PanelView | null>(null)
  const list = useRef<HTMLDivElement>(null)
  const panel: AlertsPanel = {
    view,
    // Another alert than the one shown opens without the form of the last.
    show: (change) =>
      setView((current) => ({
        ...(current ?? closedView),
        ...(change.alert === undefined ? {} : { form: null }),
        ...change,
      })),
    close: () => setView(null),
  }
  // What is typed in a form is not lost by a key or a click beside the panel.
  const typing = view !== null && view.form !== null
  useAction('window.alerts', () => {
    if (!view) panel.show({})
    else if (!typing) panel.close()
  })
  return (
    <AlertsPanelContext value={panel}>
      {children}
      <Drawer
        title={t('alerts.title')}
        extra={<QuietSwitch />}
        open={view !== null}
        onClose={panel.close}
        keyboard={!typing}
        mask={{ closable: !typing }}
        afterOpenChange={(shown) => {
          // A form that was opened with it has taken the focus to itself.
          if (shown && view?.form === null) list.current?.focus()
        }}
        size="min(1200px, calc(100vw - 64px))"
        destroyOnHidden
        className="alerts-panel"
        data-testid="alerts-panel"
      >
        {view && (
          <AlertBrowser
            view={view}
            list={list}
            onOpenStudy={(study) => {
              // A dialog below keeps its room, and what is entered in it.
              if (document.querySelector('[role=dialog]:not(.alerts-panel)'))
                return void message.info(t('alerts.dialogBelow'))
              panel.close()
              onOpenStudy(study)
            }}
          />
        )}
      </Drawer>
    </AlertsPanelContext>
  )
}
