import type { AlertStatistics, StatisticsBy } from '../../../shared/api/index.ts'
import type { Translate } from '../../i18n/index.ts'
import type { ChartOption } from './chart.tsx'
import { groupLabel } from './group-label.ts'

/** Tones that can be read on the dark screen and on white paper. */
const tones = {
  text: '#7d8995',
  line: '#8a97a455',
  red: '#e2564f',
  orange: '#df8433',
  yellow: '#c9ac2b',
  within: '#3f9f80',
}

/** Groups beyond these are in the table alone: a chart of fifty bars says nothing. */
const mostBars = 12

const frame = {
  animation: false,
  grid: { left: 8, right: 12, top: 32, bottom: 4, containLabel: true },
  textStyle: { color: tones.text },
  legend: { top: 0, right: 0, textStyle: { color: tones.text } },
} as const
const axisLine = { lineStyle: { color: tones.line } }
const axisLabel = { color: tones.text }

/** Alerts of each day, stacked by level. */
export function daysChart(t: Translate, days: AlertStatistics['days']): ChartOption {
  return {
    ...frame,
    // Drawn into the canvas: a tooltip of HTML would carry styles that the CSP refuses.
    tooltip: { trigger: 'axis', renderMode: 'richText' },
    xAxis: {
      type: 'category',
      data: days.map(({ day }) => day.slice(5)),
      axisLabel,
      axisLine,
      axisTick: { show: false },
    },
    yAxis: { type: 'value', minInterval: 1, axisLabel, splitLine: axisLine },
    series: (['red', 'orange', 'yellow'] as const).map((level) => ({
      type: 'bar',
      stack: 'alerts',
      name: t(`level.${level}`),
      data: days.map((day) => day[level]),
      color: tones[level],
      barMaxWidth: 28,
    })),
  }
}

/** The groups with the most alerts: how many, and how many of them were acknowledged in time. */
export function groupsChart(t: Translate, by: StatisticsBy, groups: AlertStatistics['groups']): ChartOption {
  const shown = groups
    .toSorted((a, b) => b.figures.count - a.figures.count)
    .slice(0, mostBars)
    .reverse()
  return {
    ...frame,
    tooltip: { trigger: 'axis', renderMode: 'richText' },
    xAxis: { type: 'value', minInterval: 1, axisLabel, splitLine: axisLine },
    yAxis: {
      type: 'category',
      data: shown.map((group) => groupLabel(t, by, group)),
      axisLine,
      axisTick: { show: false },
      axisLabel: { ...axisLabel, width: 120, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        name: t('retrospect.column.count'),
        data: shown.map(({ figures }) => figures.count),
        color: tones.orange,
        barMaxWidth: 12,
      },
      {
        type: 'bar',
        name: t('retrospect.column.inTime'),
        data: shown.map(({ figures }) => Math.round((figures.receiveWithin ?? 0) * figures.count)),
        color: tones.within,
        barMaxWidth: 12,
      },
    ],
  }
}
