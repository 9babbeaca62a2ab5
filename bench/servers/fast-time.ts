/** The time of a clock that runs `speed` times as fast as the real one, and showed it at `startMs`. */
export function fastTime(speed: number, startMs: number): number {
  return Math.floor(startMs + (Date.now() - startMs) * speed);
}
