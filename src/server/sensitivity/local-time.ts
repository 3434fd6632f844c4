/** The hour (0 to 23) and the midnight that began the day, by the time zone that the gateway runs in. */
export function localTime(now: number): { hour: number; today: number } {
  const at = new Date(now)
  return {
    hour: at.getHours(),
    today: new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime(),
  }
}
