/// <reference path="./dcmjs.d.ts" />
/// <reference path="./dcmjs.d.ts" />
import dcmjs from 'dcmjs'
import type { DataSet } from './element.ts'
import { element } from './element.ts'

/** Our own root for what writes: a fixed 2.25 UID (PS3.7 D.3.3.2). */
const implementationClassUid = '2.25.176402215861480431907021371498320655417'

/** A data set as a Part 10 file (PS3.10 7), explicit VR little endian. */
export function part10(dataset: DataSet): Buffer {
  const file = new dcmjs.data.DicomDict({
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': dataset['00080016'] ?? element('UI'),
    '00020003': dataset['00080018'] ?? element('UI'),
    '00020010': element('UI', '1.2.840.10008.1.2.1'),
    '00020012': element('UI', implementationClassUid),
    '00020013': element('SH', 'VIGIL'),
  })
  file.dict = Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => (a < b ? -1 : 1)))
  return Buffer.from(file.write())
}
