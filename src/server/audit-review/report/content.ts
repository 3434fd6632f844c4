import type { AuditShippingState, AuditVerificationState, GlassBreakRow } from '../../../shared/api/index.ts'
import type { Anomaly } from '../../../shared/audit/index.ts'
import type { Figures, Noted } from './figures.ts'
import {
  actionWord,
  anomalyWords,
  capabilityWord,
  faultWords,
  glassWords,
  outcomeWords,
  refusalWord,
  verdictWords,
} from './words.ts'

/** One part of a report; PDF and XLSX are made of the same. */
export interface ReportPart {
  title: string
  /** Sentences above the table. */
  notes?: string[]
  /** Bars: one value a label. */
  chart?: { title: string; labels: string[]; values: number[] }
  table?: { head: string[]; rows: (string | number)[][] }
}

export interface ReportContent {
  title: string
  hospital: string
  period: string
  gatewayId: string
  madeAt: string
  madeBy: string
  parts: ReportPart[]
}

export interface ReportMaterial {
  kind: 'daily' | 'monthly'
  period: string
  hospital: string
  gatewayId: string
  madeAt: number
  /** A name; empty where the schedule made it. */
  madeBy: string
  figures: Figures
  anomalies: readonly Anomaly[]
  verification: Pick<AuditVerificationState, 'rows' | 'faults' | 'checkpoint'>
  shipping: AuditShippingState | null
  /** Broken glass with what the security officer said to it. */
  glassBreaks: readonly GlassBreakRow[]
  /** Of `account:…`, `workstation:…` and other references; the reference itself where it has no name. */
  nameOf(reference: string): string
  /** Epoch ms → `2026-11-22 08:30:00`, in the hospital's time. */
  timeOf(at: number): string
}

/** What a report says, in order. */
export function contentOf(material: ReportMaterial): ReportContent {
  const { kind, period, hospital, gatewayId, madeAt, madeBy, timeOf } = material
  return {
    title: kind === 'daily' ? '审计日报' : '审计月报',
    hospital,
    period,
    gatewayId,
    madeAt: timeOf(madeAt),
    madeBy: madeBy === '' ? '系统定时生成' : madeBy,
    parts: [
      summary(material),
      evidence(material),
      byCapability(material),
      overTime(material),
      signIns(material),
      denials(material),
      reports(material),
      alerts(material),
      anomalyPart(material),
      glass(material),
      taken(material),
      noted('敏感标记变更', material.figures.labels, material.figures.notShown.labels, material),
      noted('账号、策略与密钥变更', material.figures.changes, material.figures.notShown.changes, material),
    ],
  }
}

const reviewWord = ({ review }: Anomaly) =>
  review ? `${verdictWords[review.verdict]}（${review.by}）：${review.note}` : '未复核'
const most = (counts: ReadonlyMap<string, number>, n: number) =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, n)

function summary({ figures, anomalies }: ReportMaterial): ReportPart {
  const { records, outcomes, reports, signIns } = figures
  return {
    title: '概要',
    table: {
      head: ['项目', '数值'],
      rows: [
        ['审计记录', records],
        ['其中成功', outcomes.success],
        ['其中拒绝', outcomes.refused],
        ['其中失败', outcomes.failed],
        ['记录序号', figures.firstSeq === null ? '无记录' : `${figures.firstSeq}–${figures.lastSeq}`],
        ['登录成功', signIns],
        ['签发报告', reports.signed],
        ['异常事项', anomalies.length],
        ['其中未复核', anomalies.filter(({ review }) => review === null).length],
      ],
    },
  }
}

function evidence({ verification, shipping, timeOf }: ReportMaterial): ReportPart {
  const { rows, faults, checkpoint } = verification
  const notes = [
    faults.length === 0
      ? `审计链校验通过：自首条起共 ${rows} 条记录，连续且未被改动。`
      : `审计链校验未通过：${rows} 条记录中发现 ${faults.length} 处异常。`,
    checkpoint
      ? `最近签名检查点：序号 ${checkpoint.seq}，${timeOf(checkpoint.at)}${
          checkpoint.shippedAt === null ? '，尚未送出本机。' : `；已送出至序号 ${checkpoint.shippedSeq}。`
        }`
      : '尚无签名检查点。',
  ]
  if (!shipping || shipping.receiver === null) notes.push('未配置日志服务器，审计记录没有机外副本。')
  else
    notes.push(
      `日志服务器：已送达序号 ${shipping.shippedSeq}，待送 ${shipping.waiting} 条${
        shipping.oldestWaitingAt === null ? '' : `，最早一条产生于 ${timeOf(shipping.oldestWaitingAt)}`
      }${shipping.stalledSince === null ? '' : `；自 ${timeOf(shipping.stalledSince)} 起停滞`}。`,
    )
  return {
    title: '审计完整性与机外副本',
    notes,
    ...(faults.length === 0
      ? {}
      : {
          table: {
            head: ['序号', '异常'],
            rows: faults.map(({ seq, fault }): (string | number)[] => [seq, faultWords[fault]]),
          },
        }),
  }
}

function byCapability({ figures }: ReportMaterial): ReportPart {
  const all = [...figures.capabilities]
    .map(([name, count]) => ({ name: capabilityWord(name), ...count }))
    .map((one) => ({ ...one, total: one.success + one.refused + one.failed }))
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1))
  const shown = all.slice(0, 12)
  return {
    title: '按类别与结果',
    chart: {
      title: '各类别记录数',
      labels: shown.map(({ name }) => name),
      values: shown.map(({ total }) => total),
    },
    table: {
      head: ['类别', outcomeWords.success, outcomeWords.refused, outcomeWords.failed, '合计'],
      rows: all.map(({ name, success, refused, failed, total }) => [name, success, refused, failed, total]),
    },
  }
}

function overTime({ kind, figures }: ReportMaterial): ReportPart {
  const days = [...figures.days].sort(([a], [b]) => (a < b ? -1 : 1))
  const points: [string, number][] =
    kind === 'daily'
      ? figures.hours.map((count, hour) => [String(hour), count])
      : days.map(([day, count]) => [day.slice(8), count])
  const title = kind === 'daily' ? '按小时' : '按日'
  return {
    title,
    chart: {
      title: `${title}记录数`,
      labels: points.map(([label]) => label),
      values: points.map(([, count]) => count),
    },
    table: {
      head: [kind === 'daily' ? '时' : '日', '记录数'],
      rows: points.map(([label, count]) => [label, count]),
    },
  }
}

function signIns({ figures }: ReportMaterial): ReportPart {
  const refused = most(figures.signInRefusals, 20)
  return {
    title: '登录与拒绝',
    notes: [
      `登录成功 ${figures.signIns} 次；登录与解锁被拒 ${refused.reduce((sum, [, n]) => sum + n, 0)} 次。`,
    ],
    table: { head: ['拒绝原因', '次数'], rows: refused.map(([code, n]) => [refusalWord(code), n]) },
  }
}

function denials({ figures, nameOf }: ReportMaterial): ReportPart {
  const people = most(figures.denials, 30).map(([who, n]): [string, number] => [nameOf(who), n])
  return {
    title: '拒绝次数（按人员、工作站）',
    chart: {
      title: '拒绝次数',
      labels: people.slice(0, 10).map(([name]) => name),
      values: people.slice(0, 10).map(([, n]) => n),
    },
    table: { head: ['人员或工作站', '次数'], rows: people },
  }
}

function reports({ figures }: ReportMaterial): ReportPart {
  const { signed, amended, printed } = figures.reports
  return {
    title: '报告',
    table: {
      head: ['项目', '份数'],
      rows: [
        ['首次签发', signed],
        ['补充与更正', amended],
        ['打印', printed],
      ],
    },
  }
}

function alerts({ figures }: ReportMaterial): ReportPart {
  return {
    title: '危急值',
    table: {
      head: ['操作', '次数'],
      rows: most(figures.alerts, 40).map(([action, n]) => [actionWord(action), n]),
    },
  }
}

function anomalyPart({ anomalies, timeOf, nameOf }: ReportMaterial): ReportPart {
  return {
    title: '异常事项',
    table: {
      head: ['时间', '类别', '人员', '记录数', '复核'],
      rows: anomalies.map((one) => [
        timeOf(one.from),
        anomalyWords[one.kind],
        one.account === '' ? nameOf(`workstation:${one.workstation}`) : nameOf(`account:${one.account}`),
        one.count,
        reviewWord(one),
      ]),
    },
  }
}

/** A record is written this much after what it is of, at the most. */
const soonMs = 5000

/** Each broken glass of the records, with what the security officer and the auditor said to it. */
function glass({ figures, anomalies, glassBreaks, timeOf, nameOf }: ReportMaterial): ReportPart {
  const audited = new Map(
    anomalies.flatMap((one) =>
      one.kind === 'break-glass' ? [[one.firstSeq, reviewWord(one)] as const] : [],
    ),
  )
  return {
    title: '紧急访问及复核',
    table: {
      head: ['时间', '人员', '对象', '原因', '安全保密员复核', '审计复核'],
      rows: figures.glassBroken.map(({ seq, at, actor, object }) => {
        const kept = glassBreaks.find((one) => one.who === nameOf(actor) && Math.abs(one.at - at) <= soonMs)
        const officer = kept?.review
        return [
          timeOf(at),
          nameOf(actor),
          nameOf(object),
          kept?.reason ?? '',
          officer ? `${glassWords[officer.verdict]}（${officer.by}）：${officer.note}` : '未复核',
          audited.get(seq) ?? '未复核',
        ]
      }),
    },
  }
}

function taken({ figures, nameOf }: ReportMaterial): ReportPart {
  const people = [...figures.exports].sort((a, b) => b[1].times - a[1].times)
  return {
    title: '导出与打印',
    table: {
      head: ['人员', '次数', '导出行数'],
      rows: people.map(([who, { times, rows }]) => [nameOf(who), times, rows]),
    },
  }
}

function noted(
  title: string,
  list: readonly Noted[],
  notShown: number,
  { timeOf, nameOf }: ReportMaterial,
): ReportPart {
  return {
    title,
    ...(notShown > 0 ? { notes: [`另有 ${notShown} 条，见审计检索。`] } : {}),
    table: {
      head: ['时间', '操作', '人员', '对象'],
      rows: list.map(({ at, action, actor, object }) => [
        timeOf(at),
        actionWord(action),
        nameOf(actor),
        nameOf(object),
      ]),
    },
  }
}
