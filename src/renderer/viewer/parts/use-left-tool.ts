import { useEffect, useEffectEvent, useState } from 'react'
import { isLeftTool } from '../measure/tools.ts'
import type { LeftTool, PointerTools } from '../stage/pointer-tools.ts'
import type { ViewerPreferences } from './viewer-preferences.ts'

const settleMs = 1500

/** What the left button does: as the person left it the last time, remembered when it has been so for a while. */
export function useLeftTool(
  tools: PointerTools,
  { viewer, changeViewer }: ViewerPreferences,
): [LeftTool, (tool: LeftTool) => void] {
  const [chosen, setChosen] = useState<LeftTool | null>(null)
  const remembered = isLeftTool(viewer.leftTool) ? viewer.leftTool : 'window'
  const tool = chosen ?? remembered
  useEffect(() => tools.choose(tool), [tools, tool])
  const remember = useEffectEvent(() => {
    // Not kept: it holds here all the same.
    if (chosen && chosen !== viewer.leftTool) changeViewer({ ...viewer, leftTool: chosen }).catch(() => {})
  })
  useEffect(() => {
    if (!chosen) return
    const timer = window.setTimeout(() => remember(), settleMs)
    return () => window.clearTimeout(timer)
  }, [chosen])
  return [tool, setChosen]
}
