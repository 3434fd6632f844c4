/** A code as it is read out: four by four. */
export function inGroups(code: string): string {
  return code.replace(/(.{4})(?=.)/gsu, '$1 ')
}
