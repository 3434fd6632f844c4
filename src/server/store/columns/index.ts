import { administration } from './administration.ts'
import { clinical } from './clinical.ts'
import { critical } from './critical.ts'
import { evidence } from './evidence.ts'
import type { Columns } from './kinds.ts'

export type { Column } from './kinds.ts'

/** The reviewed table of what is encrypted, what is a keyed index and what is clear: printed in docs/data-protection/columns.md. */
export const columns: Columns = { ...administration, ...clinical, ...critical, ...evidence }
