/** Parts of the body by the words for them in orders and in DICOM (Body Part Examined, PS3.16 annex L), CT and MR habits included. */
const words: readonly (readonly [region: string, pattern: RegExp])[] = [
  ['head', /头|颅|脑|垂体|head|skull|brain|pituitary|crani/],
  ['face', /鼻|眼|眶|耳|颞骨|乳突|颌|牙|面|sinus|orbit|ear|jaw|mandib|maxill|tooth|teeth|face|facial|nose/],
  ['neck', /颈部|颈软|咽|喉|甲状腺|颈(?!椎|髓)|neck|larynx|pharynx|thyroid/],
  ['chest', /胸(?!椎)|肺|肋|纵隔|chest|thorax|lung|rib|mediastin/],
  ['heart', /心脏|冠脉|冠状动脉|心(?!电)|heart|coronary|cardiac/],
  ['breast', /乳腺|breast/],
  [
    'abdomen',
    /腹|肝|胆|胰|脾|胃|肠|肾(?!上腺)|肾上腺|泌尿|abdom|liver|biliary|pancrea|spleen|stomach|bowel|colon|kidney|renal|adrenal|urinary|urogra/,
  ],
  ['pelvis', /盆|膀胱|前列腺|子宫|附件|直肠|pelvi|bladder|prostate|uterus|rectum/],
  ['cervical spine', /颈椎|颈髓|全脊柱|c[\s-]?spine|cspine|cervical/],
  ['thoracic spine', /胸椎|胸髓|全脊柱|t[\s-]?spine|tspine|thoracic spine/],
  ['lumbar spine', /腰椎|腰骶|骶|尾骨|腰(?!椎)|全脊柱|l[\s-]?spine|lspine|lumbar|sacr|coccyx/],
  ['shoulder', /肩|锁骨|肱骨|shoulder|clavicle|humerus|scapula/],
  ['elbow', /肘|尺骨|桡骨|前臂|elbow|forearm|radius|ulna/],
  ['hand', /手|腕|指|hand|wrist|finger/],
  ['hip', /髋|股骨头|股骨颈|hip/],
  ['thigh', /股骨(?!头|颈)|大腿|femur|thigh/],
  ['knee', /膝|髌|knee|patella/],
  ['leg', /胫|腓|小腿|tibia|fibula|lower leg/],
  ['foot', /足|踝|跟骨|趾|foot|ankle|calcane|toe/],
  ['vessels', /血管|主动脉|动脉|静脉|cta|mra|aorta|arter|vein|venous|vessel/],
]

/** The parts of the body that these texts name; those of a whole-body exam are all. */
export function bodyRegions(texts: readonly string[]): Set<string> {
  const text = texts.join(' ').normalize('NFKC').toLowerCase()
  if (/全身|whole ?body/.test(text)) return new Set(words.map(([region]) => region))
  return new Set(words.filter(([, pattern]) => pattern.test(text)).map(([region]) => region))
}
