/** Signal of the knee's tissues, arbitrary units. */
export interface KneeTissue {
  readonly air: number
  readonly skin: number
  readonly fat: number
  readonly muscle: number
  readonly marrow: number
  readonly cortical: number
  readonly cartilage: number
  readonly meniscus: number
  readonly ligament: number
  readonly fluid: number
  readonly vessel: number
}

export const kneeT1: KneeTissue = {
  air: 8,
  skin: 330,
  fat: 980,
  muscle: 330,
  marrow: 860,
  cortical: 40,
  cartilage: 480,
  meniscus: 70,
  ligament: 100,
  fluid: 210,
  vessel: 90,
}

/** Proton density with fat suppression: fluid and cartilage bright, fat and marrow dark. */
export const kneeProton: KneeTissue = {
  air: 8,
  skin: 260,
  fat: 130,
  muscle: 300,
  marrow: 150,
  cortical: 25,
  cartilage: 520,
  meniscus: 60,
  ligament: 90,
  fluid: 850,
  vessel: 420,
}
