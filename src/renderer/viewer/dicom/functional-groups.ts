import type { DicomJson } from '../../../shared/study/index.ts'
import { items } from './attributes.ts'

const sharedGroups = '52009229'
const perFrameGroups = '52009230'

/** The functional group macros that the viewer reads (PS3.3 C.7.6.16): pixel measures, plane, VOI, value transformation, content. */
const macros = ['00289110', '00209113', '00209116', '00289132', '00289145', '00209111']

function flatten(group: DicomJson | undefined): DicomJson {
  if (!group) return {}
  return Object.assign({}, ...macros.map((macro) => items(group, macro)[0] ?? {}))
}

/**
 * The attributes that hold for one frame (counted from 1), as if the frame were a single-frame image: an enhanced object's
 * shared and per-frame groups are laid over the instance's own attributes.
 */
export function attributesOfFrame(instance: DicomJson, frame: number): DicomJson {
  if (!(sharedGroups in instance) && !(perFrameGroups in instance)) return instance
  const { [perFrameGroups]: _, ...own } = instance
  return {
    ...own,
    ...flatten(items(instance, sharedGroups)[0]),
    ...flatten(items(instance, perFrameGroups)[frame - 1]),
  }
}
