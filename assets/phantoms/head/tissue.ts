/** What each tissue of the head shows as: Hounsfield units for CT, signal (arbitrary units) for MR. */
export interface TissueTable {
  readonly air: number
  readonly skin: number
  readonly fat: number
  readonly muscle: number
  readonly cortical: number
  readonly diploe: number
  readonly dura: number
  readonly csf: number
  readonly gray: number
  readonly deepGray: number
  readonly white: number
  readonly globe: number
  readonly lens: number
  readonly blood: number
  readonly oedema: number
  readonly infarct: number
}

export const hounsfield: TissueTable = {
  air: -1000,
  skin: 35,
  fat: -85,
  muscle: 52,
  cortical: 1150,
  diploe: 560,
  dura: 48,
  csf: 5,
  gray: 38,
  deepGray: 37,
  white: 28,
  globe: 12,
  lens: 75,
  blood: 66,
  oedema: 18,
  infarct: 19,
}

/** Spin-echo T1: fat bright, white matter above grey, fluid dark. */
export const t1Signal: TissueTable = {
  air: 8,
  skin: 380,
  fat: 1150,
  muscle: 420,
  cortical: 40,
  diploe: 520,
  dura: 230,
  csf: 170,
  gray: 470,
  deepGray: 490,
  white: 640,
  globe: 190,
  lens: 420,
  blood: 620,
  oedema: 430,
  infarct: 400,
}

/** Fast spin-echo T2: fluid bright, grey above white. */
export const t2Signal: TissueTable = {
  air: 8,
  skin: 300,
  fat: 720,
  muscle: 200,
  cortical: 30,
  diploe: 260,
  dura: 160,
  csf: 1250,
  gray: 560,
  deepGray: 470,
  white: 400,
  globe: 1200,
  lens: 150,
  blood: 300,
  oedema: 850,
  infarct: 860,
}

/** Diffusion-weighted, b = 1000 s/mm²: low contrast, an acute infarct shines. */
export const diffusionSignal: TissueTable = {
  air: 10,
  skin: 40,
  fat: 35,
  muscle: 60,
  cortical: 15,
  diploe: 25,
  dura: 90,
  csf: 70,
  gray: 300,
  deepGray: 270,
  white: 250,
  globe: 60,
  lens: 50,
  blood: 90,
  oedema: 270,
  infarct: 760,
}
