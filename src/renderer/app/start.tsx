import './base.css'
import { createRoot } from 'react-dom/client'
import { createI18n } from '../i18n/index.ts'
import { App } from './app.tsx'
import { createPreferences } from './preferences.ts'

/** Draws the window into the page. */
export async function start(): Promise<void> {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
  const root = document.getElementById('root')
  const overlays = document.getElementById('overlays')
  if (!root || !overlays) throw new Error('index.html lacks #root or #overlays')
  const preferences = createPreferences(window.localStorage)
  const i18n = await createI18n(preferences.read().language)
  createRoot(root).render(
    <App
      door={{ bridge: window.vigil, clock: Date.now }}
      i18n={i18n}
      preferences={preferences}
      page={{ nonce, overlays, imagesOnly: new URLSearchParams(location.search).get('window') === 'images' }}
    />,
  )
}
