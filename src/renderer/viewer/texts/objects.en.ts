import type { objectsZh } from './objects.zh-CN.ts'

export const objectsEn: typeof objectsZh = {
  language: 'en',
  'objects.overlays': 'Overlays',
  'objects.states': 'Presentation state',
  'objects.no-state': 'Presentation state: none',
  'objects.unnamed': 'Presentation state without a name',
  'objects.apply': 'Apply and show the image',
  'objects.take-off': 'Take off',
  'objects.partial': 'Not complete',
  'objects.verified': 'Verified',
  'objects.unverified': 'Not verified',
  'objects.show-measurements': 'Show {n} measurements on the images',
  'objects.show-image': 'Series {series} image {n}',
  'objects.elsewhere': '{n} more images that are referred to are not in the exams that are open',
  'objects.saved': 'Show saved measurements ({n})',
  'objects.saved.dismiss': 'Do not show',
  'objects.saved.mark': 'Saved',
  'objects.size': '{n} KB',
}
