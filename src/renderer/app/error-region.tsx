import { Button } from 'antd'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/**
 * Contains a failure of one region of the window, so that the others go on. React has no function form of this.
 * The error itself is not shown or logged: it could hold clinical text.
 */
export class ErrorRegion extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? (
      <FailedRegion onReload={() => this.setState({ failed: false })} />
    ) : (
      this.props.children
    )
  }
}

function FailedRegion({ onReload }: { onReload: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="fill-message" role="alert" data-testid="region-failed">
      <p>{t('app.regionFailed')}</p>
      <Button onClick={onReload}>{t('app.regionReload')}</Button>
    </div>
  )
}
