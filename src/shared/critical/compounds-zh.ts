/**
 * Ordinary words of radiology in which a term may seem to stand by accident of spelling: 占位性病变 is not 性病, 吸气胸片 not 气胸.
 * A term inside one of its words, at that place, is not meant. Only words that hold for every hospital belong here;
 * what one hospital's term needs stands in its `notWithin`.
 */
export const WORDS_AROUND: Readonly<Record<string, readonly string[]>> = {
  性病: ['性病变', '性病灶', '性病损', '性病理', '性病程', '性病因', '性病史', '性病例', '性病毒', '性病原'],
  气胸: [
    ...['含气胸腔', '充气胸腔', '积气胸腔', '有气胸腔', '含气胸廓', '积气胸壁', '气胸闷'],
    ...['吸气胸', '呼气胸', '屏气胸', '憋气胸', '嗳气胸'],
  ],
  气腹: ['气腹部', '气腹痛', '气腹胀'],
  出血: ['出血管'],
  蛛血: ['蛛血管'],
  白肺: ['白肺泡'],
  全肺不张: ['不完全肺不张'],
}
