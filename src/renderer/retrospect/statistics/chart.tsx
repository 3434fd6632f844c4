import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

export type ChartOption = EChartsCoreOption

/** ECharts knows of its parts only what is told once; told again it is the same. */
function learnParts(): void {
  use([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])
}

/** One chart as wide as its place. What it shows stands in the table below it as well. */
export function Chart({ title, option }: { title: string; option: ChartOption }) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init> | null>(null)
  useEffect(() => {
    if (!place.current) return
    learnParts()
    const made = init(place.current)
    chart.current = made
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(place.current)
    return () => {
      watch.disconnect()
      chart.current = null
      made.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true })
  }, [option])
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <div ref={place} className="chart-place" data-testid="chart" />
    </figure>
  )
}
