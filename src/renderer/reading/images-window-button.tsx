import { App, Button } from 'antd'
import { createContext, use } from 'react'
import { useTranslation } from 'react-i18next'
import { usePage } from '../app/page.ts'
import { useAction, useKeyHint } from '../keys/keys-provider.tsx'

/** The window on another screen, as the first window sees it; null in that window itself. */
export const ImagesWindowContext = createContext<{ open: boolean; toggle: () => Promise<void> } | null>(null)

/** Opens and closes the window for images on another screen. */
export function ImagesWindowButton() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { imagesOnly } = usePage()
  const images = use(ImagesWindowContext)
  const key = useKeyHint('images.otherScreen')
  const toggle = () => void images?.toggle().catch(() => void message.error(t('reading.imagesWindowFailed')))
  useAction('images.otherScreen', toggle, images !== null)
  if (!images || imagesOnly) return null
  return (
    <Button
      size="small"
      type={images.open ? 'primary' : 'default'}
      aria-pressed={images.open}
      title={t(images.open ? 'reading.imagesWindowClose' : 'reading.imagesWindowHint', { key })}
      onClick={toggle}
      data-testid="images-window"
    >
      {t('reading.imagesWindow')}
    </Button>
  )
}
