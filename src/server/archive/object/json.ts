import type { DicomJson } from '../../../shared/study/index.ts'
import { type CharacterSet, characterSetOf } from './character-set.ts'
import { type Dataset, type Element, tags, uint16Of } from './dataset.ts'
import type { DicomObject } from './part10.ts'
import { isBulkVr, isInlined } from './retention.ts'
import { frameSyntaxOf } from './transfer-syntax.ts'
import { valuesOf } from './value.ts'

const availableTransferSyntaxUid = '00083002'
const transferSyntaxUid = '00020010'

/** What an item inherits from the data set around it where it does not say otherwise (PS3.3 C.12.1.1.2). */
interface Inherited {
  charset: CharacterSet
  signed: boolean
}

/**
 * An object's attributes in the DICOM JSON Model (PS3.18 Annex F), text in UTF-8. Group lengths, the pixel data and bulk
 * data are left out; palettes, LUT data and overlays stand as InlineBinary, little endian whatever the file's byte order.
 */
export function toDicomJson(object: DicomObject): DicomJson {
  const json = datasetToJson(object.dataset, { charset: characterSetOf([]), signed: false })
  return withTransferSyntax(json, frameSyntaxOf(object.transferSyntaxUid))
}

/** States the transfer syntax that the frames come in, where cornerstone and others look for it. */
export function withTransferSyntax(json: DicomJson, uid: string): DicomJson {
  const stated = { vr: 'UI', Value: [uid] }
  return { ...json, [transferSyntaxUid]: stated, [availableTransferSyntaxUid]: stated }
}

function datasetToJson(dataset: Dataset, inherited: Inherited): DicomJson {
  const own = charsetTerms(dataset)
  const scope: Inherited = {
    charset: own ? characterSetOf(own) : inherited.charset,
    signed: (uint16Of(dataset, tags.pixelRepresentation) ?? (inherited.signed ? 1 : 0)) === 1,
  }
  const json: DicomJson = {}
  for (const element of dataset.elements.values()) {
    if ((element.tag & 0xffff) === 0) continue
    const attribute = attributeOf(element, dataset, scope)
    if (attribute) json[element.tag.toString(16).toUpperCase().padStart(8, '0')] = attribute
  }
  if (own) json['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] }
  return json
}

function charsetTerms(dataset: Dataset): string[] | null {
  const value = dataset.elements.get(tags.specificCharacterSet)?.value
  if (!value || value.length === 0) return null
  return value
    .toString('latin1')
    .split('\\')
    .map((term) => term.replace(/[ \0]+$/, '').trimStart())
}

function attributeOf(element: Element, dataset: Dataset, scope: Inherited): object | null {
  if (element.items) {
    const items = element.items.map((item) => datasetToJson(item, scope))
    return items.length > 0 ? { vr: 'SQ', Value: items } : { vr: 'SQ' }
  }
  const vr = element.vr === 'XS' ? (scope.signed ? 'SS' : 'US') : element.vr
  if (isBulkVr(vr)) return inlineOf(element, vr, dataset.bigEndian)
  if (element.length > 0 && !element.value) return null
  const values = valuesOf(element, vr, dataset.bigEndian, scope.charset)
  return values.length > 0 ? { vr, Value: values } : { vr }
}

function inlineOf({ tag, value }: Element, vr: string, bigEndian: boolean): object | null {
  if (!value || !isInlined(tag)) return null
  const words = bigEndian && vr === 'OW' && value.length % 2 === 0
  return { vr, InlineBinary: (words ? Buffer.from(value).swap16() : value).toString('base64') }
}
