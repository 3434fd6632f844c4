export { releaseViewer, warmUpViewer } from './runtime.ts'
export type { ImageSource, ViewerFailure } from './session.ts'
export { StudyViewer, type StudyViewerProps } from './study-viewer.tsx'
