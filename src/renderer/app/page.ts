import { createContext, useContext } from 'react'

/** What the page itself gives: the nonce of its CSP header for styles made at run time, and where overlays are put. */
export interface Page {
  nonce: string
  /** Not `document.body`: antd locks the body's scrolling with a style element that carries no nonce. */
  overlays: HTMLElement
  /** This is the window for images on another screen. */
  imagesOnly: boolean
}

export const PageContext = createContext<Page | null>(null)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (!page) throw new Error('PageContext is missing above this component')
  return page
}
