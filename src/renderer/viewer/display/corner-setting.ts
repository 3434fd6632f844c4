import type { ViewerSettings } from '../../../shared/settings/index.ts'

/** How much the corners say. Whose image it is, from when, and what was lost in it stands there always. */
export type CornerTextSetting = ViewerSettings['cornerText']
