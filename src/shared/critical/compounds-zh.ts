/**
 * Ordinary words of radiology in which a shorter term may seem to stand by accident of spelling: 占位性病变 is not 性病. A term that
 * lies inside one of these, at that place, is not meant. Whatever is specific to one term belongs in its `notWithin`.
 */
export const WORDS_CONTAINING_TERMS = [
  '性病变',
  '性病灶',
  '性病损',
  '性病理',
  '性病程',
  '含气胸腔',
  '充气胸腔',
  '积气胸腔',
  '有气胸腔',
  '含气胸廓',
  '积气胸壁',
  '发出血管',
  '引出血管',
  '蛋白肺泡',
]
