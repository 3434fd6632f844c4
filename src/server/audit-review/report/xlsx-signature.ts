import { createHash, type X509Certificate } from 'node:crypto'
import { strFromU8, strToU8, unzipSync } from 'fflate'
import { type CmsSigner, detachedSignature, signerOf } from './cms.ts'
import { relations, zipped } from './xlsx.ts'

const customName = 'docProps/custom.xml'
const relationType = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties'
const contentType = 'application/vnd.openxmlformats-officedocument.custom-properties+xml'
const namespace = 'http://schemas.openxmlformats.org/officeDocument/2006/custom-properties'
const typesNamespace = 'http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes'
const property = 'VigilSignature'
/** Unpacked, all parts together: a small file can unpack to a very large one. */
const largest = 64_000_000

/**
 * The workbook as a file with a custom property that holds a CMS signature over the hashes of all other parts. Excel shows the
 * property; saving the workbook anew breaks the signature, as it should.
 */
export function signedXlsx(unsigned: ReadonlyMap<string, Uint8Array>, signer: CmsSigner, at: Date): Buffer {
  const parts = new Map(unsigned)
  const types = strFromU8(parts.get('[Content_Types].xml') ?? new Uint8Array())
  const override = `<Override ContentType="${contentType}" PartName="/${customName}"/></Types>`
  parts.set('[Content_Types].xml', strToU8(types.replace('</Types>', override)))
  const root = strFromU8(parts.get('_rels/.rels') ?? strToU8(relations([])))
  const related = `<Relationship Id="rId-custom" Type="${relationType}" Target="${customName}"/></Relationships>`
  parts.set('_rels/.rels', strToU8(root.replace('</Relationships>', related)))
  const cms = detachedSignature(hashOf(parts), signer, at).toString('base64')
  parts.set(customName, strToU8(customXml(cms)))
  return zipped(parts)
}

const customXml = (cms: string) =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="${namespace}" xmlns:vt="${typesNamespace}"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="${property}"><vt:lpwstr>${cms}</vt:lpwstr></property></Properties>`

/** SHA-256 over the list of all parts but the one with the signature, by name: each name and the SHA-256 of its bytes. */
function hashOf(parts: ReadonlyMap<string, Uint8Array>): Buffer {
  const list = [...parts]
    .filter(([name]) => name !== customName)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')])
  return createHash('sha256').update(JSON.stringify(list)).digest()
}

/** Who signed a workbook that `signedXlsx` made; null where anything of it was changed, or it bears no such signature. */
export function xlsxSigner(file: Buffer): { certificate: X509Certificate; at: Date } | null {
  try {
    const parts = new Map<string, Uint8Array>()
    let left = largest
    let entries = 0
    const unpacked = unzipSync(file, {
      filter: ({ originalSize }) => {
        entries += 1
        left -= originalSize
        if (left < 0) throw new Error('too large')
        return true
      },
    })
    for (const [name, bytes] of Object.entries(unpacked)) parts.set(name, bytes)
    // Of two entries of one name, one reader sees the one and another the other.
    if (entries !== parts.size) return null
    const custom = strFromU8(parts.get(customName) ?? new Uint8Array())
    const found = /name="VigilSignature"><vt:lpwstr>([A-Za-z0-9+/=]+)<\/vt:lpwstr>/.exec(custom)
    // Byte for byte as it was made: nothing is hidden between the entries of the ZIP or in the one part that is not signed.
    if (!found?.[1] || !zipped(parts).equals(file) || custom !== customXml(found[1])) return null
    return signerOf(Buffer.from(found[1], 'base64'), hashOf(parts))
  } catch {
    return null
  }
}
