import { useSyncExternalStore } from 'react'

const query = '(orientation: portrait)'

/** Whether the window stands upright, as report monitors do. */
export function usePortrait(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(query)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}
