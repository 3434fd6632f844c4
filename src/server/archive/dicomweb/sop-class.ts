/** Storage SOP classes of objects that have no pixel data (PS3.4 table B.5-1): by prefix below 1.2.840.10008.5.1.4.1.1. */
const withoutPixels =
  /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(9\.|11\.|66$|66\.[1356]|67$|79\.1|88\.|104\.|131|200\.|201\.|481\.(3|4|5|6|7|8|9|10|11|12|13)$)/

export function hasNoPixels(sopClassUid: string): boolean {
  return withoutPixels.test(sopClassUid)
}
