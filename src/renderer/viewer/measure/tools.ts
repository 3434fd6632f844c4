import { MeasurementKind } from '../../../shared/measurement/index.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import type { FigureKind } from './figure.ts'

/** What is looked with, and what is measured with, in the order of the menu. */
export const viewTools = ['window', 'scroll', 'pan', 'zoom', 'magnify'] as const satisfies readonly LeftTool[]
export const figureTools = [
  'length',
  'bidirectional',
  'angle',
  'cobb',
  'ellipse',
  'rectangle',
  'probe',
  'arrow',
  'text',
  'calibrate',
] as const satisfies readonly FigureKind[]

const all: ReadonlySet<string> = new Set([...viewTools, 'select', ...figureTools])

export const isLeftTool = (name: string): name is LeftTool => all.has(name)

/** The figure that a tool draws; null for those that look or select. */
export const figureOf = (tool: LeftTool): FigureKind | null =>
  tool === 'calibrate' || MeasurementKind.safeParse(tool).success ? (tool as FigureKind) : null

/** Whether figures can be taken hold of: not while looking, where a drag over one would move it by accident. */
export const grabs = (tool: LeftTool) => tool === 'select' || figureOf(tool) !== null
