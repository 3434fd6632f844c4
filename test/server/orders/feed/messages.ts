/** Messages as hospital systems write them, by segment. Times are local to +08:00 unless they say otherwise. */

let count = 0

export function msh(
  type: string,
  more: { id?: string; at?: string; charset?: string; version?: string } = {},
) {
  count += 1
  const { id = `MSG${count}`, at = '20261122150000', charset = '', version = '2.5.1' } = more
  return `MSH|^~\\&|HIS|医院|VIGIL|RAD|${at}||${type}|${id}|P|${version}||||||${charset}`
}

export const pid = (
  id = 'P1001',
  more: { name?: string; birth?: string; sex?: string; phone?: string } = {},
) =>
  `PID|1||${id}^^^HIS^PI||${more.name ?? '张伟^^^^^^L^I~Zhang^Wei^^^^^L^A'}||${more.birth ?? '19800213'}|${more.sex ?? 'M'}|||||${more.phone ?? '13800000000'}`

export const pv1 = (place = '呼吸内科病区^^12', patientClass = 'I', visit = 'V77') =>
  `PV1|1|${patientClass}|${place}|||||||呼吸内科|||||||||${visit}`

export const orc = (control: string, accession: string, application = 'AP1') =>
  `ORC|${control}|${application}|${accession}||||^^^20261122160000^^R||20261122145500|||D7^李医生|||||^呼吸内科`

export const obr = (
  accession: string,
  more: { application?: string; modality?: string; item?: string } = {},
) =>
  `OBR|1|${more.application ?? 'AP1'}|${accession}|${more.item ?? 'CT001^胸部CT平扫^L'}|||||||||咳嗽伴胸痛三天||^^^&胸部|D7^李医生||||||||${more.modality ?? 'CT'}`

export const orm = (
  accession = 'A1',
  more: Parameters<typeof msh>[1] & { control?: string; patient?: string } = {},
) =>
  text(
    msh('ORM^O01^ORM_O01', more),
    pid(more.patient),
    pv1(),
    orc(more.control ?? 'NW', accession),
    obr(accession),
  )

export function text(...segments: string[]): string {
  return segments.map((segment) => `${segment}\r`).join('')
}
