const day = 86_400_000

/** Whole days until then, today's rest counting as one; 0 where it is past. */
export function daysLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / day))
}
