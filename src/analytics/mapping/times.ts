/** `2018-06-13 14:11:05.766` from its bytes: the form that most times come in, and a day that was the same as that of the record before. */
const LENGTH_MIN = 19;
const LENGTH_MAX = 29;

const two = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) - 48) * 10 + (bytes[at + 1] as number) - 48;
const isDigits = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++)
    if ((bytes[at] as number) < 48 || (bytes[at] as number) > 57) return false;
  return true;
};

export class Times {
  #day = -1;
  #midnightMs = 0;

  /** Milliseconds since 1970; undefined for every other form, and for what may be no time at all. */
  read(bytes: Uint8Array, start: number, end: number): number | undefined {
    const length = end - start;
    if (length < LENGTH_MIN || length > LENGTH_MAX) return undefined;
    const between = bytes[start + 10];
    if (between !== 0x20 && between !== 0x54) return undefined;
    if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return undefined;
    if (
      !isDigits(bytes, start + 11, start + 13) ||
      !isDigits(bytes, start + 14, start + 16) ||
      !isDigits(bytes, start + 17, start + 19)
    )
      return undefined;
    const hours = two(bytes, start + 11);
    const minutes = two(bytes, start + 14);
    const seconds = two(bytes, start + 17);
    if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
    let milliseconds = 0;
    if (length > LENGTH_MIN) {
      if (bytes[start + 19] !== 0x2e || length < LENGTH_MIN + 2 || !isDigits(bytes, start + 20, end))
        return undefined;
      for (let at = start + 20, unit = 100; at < end && unit >= 1; at++, unit /= 10)
        milliseconds += ((bytes[at] as number) - 48) * unit;
    }
    const midnight = this.#midnight(bytes, start);
    return midnight === undefined
      ? undefined
      : midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 + Math.floor(milliseconds);
  }

  #midnight(bytes: Uint8Array, start: number): number | undefined {
    if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return undefined;
    if (
      !isDigits(bytes, start, start + 4) ||
      !isDigits(bytes, start + 5, start + 7) ||
      !isDigits(bytes, start + 8, start + 10)
    )
      return undefined;
    const year = two(bytes, start) * 100 + two(bytes, start + 2);
    const month = two(bytes, start + 5);
    const date = two(bytes, start + 8);
    const day = (year * 100 + month) * 100 + date;
    if (day === this.#day) return this.#midnightMs;
    const midnight = Date.UTC(year, month - 1, date);
    const read = new Date(midnight);
    if (year < 100 || read.getUTCMonth() !== month - 1 || read.getUTCDate() !== date) return undefined;
    this.#day = day;
    this.#midnightMs = midnight;
    return midnight;
  }
}
