import type { Check, Verification } from './verify.ts'

const what: Record<Check['what'], [zh: string, en: string]> = {
  document: ['文件内容全部在签名范围内', 'nothing in the file is outside the signature'],
  signature: ['签名与报告内容一致', 'the signature is over exactly this document'],
  'certificate-chain': ['证书由所给的 CA 签发', 'the certificate is from a CA that was given'],
  'certificate-validity': ['签名时证书在有效期内', 'the certificate was valid when it was signed'],
  'certificate-use': ['证书可用于签名', 'the certificate is for signing'],
  'signing-time': [
    '签名时间与报告准备时间相符',
    'the time of signing fits the time the document was prepared',
  ],
  'version-chain': ['各版本前后相接', 'the versions follow one another'],
  'key-images': ['关键图像与签名时一致', 'the key images are those that were signed'],
}

const marks = { true: '✓ 通过', false: '✗ 不符', null: '– 未核' } as const

/** What was found, as lines for a person: Chinese first. Report text only where `text` asks for it. */
export function verificationLines(found: Verification, { text }: { text: boolean }): string[] {
  const lines: string[] = []
  for (const { document, signedAt, signer, issuer } of found.versions) {
    const { author, writtenBy, amendment } = document
    lines.push(
      `报告 report ${document.reportId}  版本 version ${document.version}${amendment ? ` (${amendment.kind})` : ''}`,
      `  检查号 accession ${document.accessionNumber || '—'}  检查 study ${document.studyInstanceUid}`,
      `  签发 signed by ${author.name}  ${timeOf(signedAt)}${writtenBy ? `  报告医师 written by ${writtenBy.name}` : ''}`,
      `  证书 certificate ${signer || '—'}${issuer ? `  ← ${issuer}` : ''}  网关 gateway ${document.gatewayId}`,
    )
    if (text) {
      lines.push(`  患者 patient ${document.patientName} ${document.patientId}`)
      for (const part of [document.text.findings, document.text.impression])
        lines.push(...part.split('\n').map((line) => `  | ${line}`))
    }
  }
  for (const { version, what: which, holds, why } of found.checks) {
    const [zh, en] = what[which]
    lines.push(
      `${marks[`${holds}`]}  ${version === null ? '' : `v${version} `}${zh} / ${en}${why ? `: ${why}` : ''}`,
    )
  }
  lines.push(
    '– 证书吊销情况由网关在签名时核对，此处不再查询 / revocation was checked by the gateway at signing, and is not here',
  )
  lines.push(found.holds ? '验证通过 / VERIFIED' : '验证未通过 / NOT VERIFIED')
  return lines.map(printable)
}

const timeOf = (at: number) => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : '—')

/** What a file says must not steer the terminal that shows it. */
function printable(line: string): string {
  return line.replace(/\p{C}/gu, '?')
}
