const UNITS = ['MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** An amount of memory, three digits or more, in a unit of which there are less than 10 000. */
export function bytesText(bytes: number): string {
  let amount = bytes / 1e6;
  let unit = 0;
  while (amount >= 1e4 && unit < UNITS.length - 1) {
    amount /= 1e3;
    unit += 1;
  }
  return `${amount.toFixed(amount < 100 ? 1 : 0)} ${UNITS[unit]}`;
}
