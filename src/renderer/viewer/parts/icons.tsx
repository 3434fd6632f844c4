/** 16-pixel line icons; the accessible name is the button's. */
const paths = {
  window: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 2v12M8 5h4M8 8h6M8 11h4',
  scroll: 'M4 5.5h8v8H4zM5.5 3.5h8M13.5 3.5v8',
  pan: 'M8 2v12M2 8h12M8 2 6 4M8 2l2 2M8 14l-2-2M8 14l2-2M2 8l2-2M2 8l2 2M14 8l-2-2M14 8l-2 2',
  zoom: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14M5 7h4M7 5v4',
  magnify:
    'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14M7 5.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6',
  select: 'M4 2l8 6-4 .6L10.5 13 9 13.8 6.6 9.3 4 12z',
  bidirectional: 'M3 13 13 3M5.5 5.5l5 5',
  angle: 'M13 13H3L11 4M7 13a4.5 4.5 0 0 0-1.4-3',
  cobb: 'M2 4l11-1.5M2 12l11 1.5M8 3.3v9.4',
  ellipse: 'M8 4C4.5 4 2 5.8 2 8s2.5 4 6 4 6-1.8 6-4-2.5-4-6-4',
  rectangle: 'M2.5 4h11v8h-11z',
  probe: 'M8 2v4M8 10v4M2 8h4M10 8h4M8 7.5v1',
  arrow: 'M3 13 13 3M13 3H8M13 3v5',
  text: 'M3 3.5h10M8 3.5v9.5M6 13h4',
  calibrate: 'M2 12V8M14 12V8M2 10h12M5 6 8 3l3 3',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H7',
  redo: 'M10.5 3l3 3-3 3M13.5 6H6a3.5 3.5 0 0 0 0 7h3',
  list: 'M5.5 4H14M5.5 8H14M5.5 12H14M2 4h1M2 8h1M2 12h1',
  camera: 'M2 5h3l1-1.5h4L11 5h3v8H2zM8 6.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4',
  more: 'M4.5 6.5 8 10l3.5-3.5',
  insert: 'M8 2v7M5 6.5 8 9.5l3-3M3 13h10',
  edit: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9 4.7 11.3 7',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5 5 13.5h6l.5-9',
  length: 'M2 11 11 2l3 3-9 9zM5 8l1.5 1.5M7 6l1.5 1.5M9 4l1.5 1.5',
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3',
  invert: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  rotate: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3',
  'flip-h': 'M8 2v12M6 4 2 12h4zM10 4l4 8h-4z',
  'flip-v': 'M2 8h12M4 6l8-4v4zM4 10l8 4v-4z',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  planes: 'M8 2l5.5 3v6L8 14l-5.5-3V5zM2.5 5 8 8l5.5-3M8 8v6',
  screen: 'M2 3h8v6H2zM8 6.5h6v6H8',
  grid: 'M2.5 3h11v10h-11zM6 3v10M10 3v10M2.5 6.3h11M2.5 9.7h11',
  maximise: 'M9.5 3H13v3.5M13 3 9 7M6.5 13H3V9.5M3 13l4-4',
  link: 'M6.5 9.5 9.5 6.5M7 5l1.5-1.5a2.5 2.5 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.5 2.5 0 0 1-4-4L5 7',
  hang: 'M8 2v2M2.5 6h11M2.5 6l5.5-2 5.5 2M3.5 6v7h4V6M8.5 6v7h4V6',
  '1x1': 'M2.5 3h11v10h-11z',
  '1x2': 'M2.5 3h11v10h-11zM8 3v10',
  '2x2': 'M2.5 3h11v10h-11zM8 3v10M2.5 8h11',
}

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="vigil-viewer-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinejoin="round" />
    </svg>
  )
}
