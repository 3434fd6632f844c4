const main = 'http://schemas.openxmlformats.org/drawingml/2006/main'
const chart = 'http://schemas.openxmlformats.org/drawingml/2006/chart'
const drawing = 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing'
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** A column chart over cells of its own sheet, with what they hold as a reader without a recalculation shows it (ECMA-376, 21.2). */
export function chartXml(of: {
  name: string
  title: string
  labels: readonly string[]
  values: readonly number[]
  labelsAt: string
  valuesAt: string
}): string {
  const sheet = `'${of.name.replace(/'/g, "''")}'!`
  const points = (values: readonly (string | number)[]) =>
    `<c:ptCount val="${values.length}"/>${values
      .map((value, at) => `<c:pt idx="${at}"><c:v>${escaped(String(value))}</c:v></c:pt>`)
      .join('')}`
  const words = (text: string, points: number) =>
    `<c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="${points}"/></a:pPr><a:r><a:rPr lang="zh-CN" sz="${points}"/><a:t>${escaped(text)}</a:t></a:r></a:p></c:rich></c:tx>`
  return `${declaration}<c:chartSpace xmlns:c="${chart}" xmlns:a="${main}" xmlns:r="${relation}"><c:roundedCorners val="0"/><c:chart><c:title>${words(of.title, 1200)}<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:v>${escaped(of.title)}</c:v></c:tx><c:spPr><a:solidFill><a:srgbClr val="296BAD"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/><c:cat><c:strRef><c:f>${escaped(sheet + of.labelsAt)}</c:f><c:strCache>${points(of.labels)}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>${escaped(sheet + of.valuesAt)}</c:f><c:numCache><c:formatCode>General</c:formatCode>${points(of.values)}</c:numCache></c:numRef></c:val></c:ser><c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx></c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>`
}

/** The chart beside the table: nine columns wide from this one (counted from 0), twenty rows tall. */
export function drawingXml({ column, title }: { column: number; title: string }): string {
  const corner = (name: string, col: number, row: number) =>
    `<xdr:${name}><xdr:col>${col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:${name}>`
  return `${declaration}<xdr:wsDr xmlns:xdr="${drawing}" xmlns:a="${main}"><xdr:twoCellAnchor>${corner('from', column, 1)}${corner('to', column + 9, 21)}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="${escaped(title)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="${chart}"><c:chart xmlns:c="${chart}" xmlns:r="${relation}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>`
}
