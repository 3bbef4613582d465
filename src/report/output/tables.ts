/**
 * Results as text tables, in formats that others read without us:
 *
 * - `spikes.dat`: NEST 3's ASCII recording format, which the scripts around NEST expect: two comment
 *   lines, a line of column names, then tab-separated columns.
 *   `numpy.loadtxt(file, skiprows=3)`, `pandas.read_csv(file, sep='\t', comment='#')`.
 * - `weights.csv`, `weight-events.csv`, `traces-NAME.csv`: one line of column names, commas.
 *   `pandas.read_csv(file)`, `numpy.genfromtxt(file, delimiter=',', names=True)`.
 *
 * Text rather than .npy, because it needs no explanation in ten years and diffs; nothing is lost,
 * since every value is written with the digits that give the same double back. Who wants binary
 * columns has `results.msgpack`. Stamps, which are multiples of the resolution, are written with as
 * many decimals as the resolution needs, at least NEST's three.
 */
import type {
  RunResults,
  TraceColumns,
  WeightColumns,
  WeightEventColumns,
} from '../../experiment/results.js';

/** Characters per piece of a table: large enough to write fast, small beside the data. */
const PIECE = 1 << 16;

/** Fewest and most decimals of a stamp; beyond the most, a stamp is written in full. */
const LEAST_DECIMALS = 3;
const MOST_DECIMALS = 9;

type FormatTime = (ms: number) => string;

/** A formatter of stamps in ms that are multiples of `resolution`. */
export function timeFormatter(resolution: number): FormatTime {
  let decimals = LEAST_DECIMALS;
  while (decimals <= MOST_DECIMALS) {
    const scaled = resolution * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-12 * scaled) break;
    decimals++;
  }
  if (decimals > MOST_DECIMALS) return String;
  const scale = 10 ** decimals;
  let previous = Number.NaN;
  let formatted = '';
  // Neighbouring rows mostly share their stamp.
  return (ms) => {
    if (ms === previous) return formatted;
    previous = ms;
    const units = Math.round(ms * scale);
    const whole = Math.floor(units / scale);
    formatted = `${whole}.${String(units - whole * scale).padStart(decimals, '0')}`;
    return formatted;
  };
}

/** Rows joined to pieces of about PIECE characters. */
function* table(
  header: string,
  rows: number,
  row: (index: number) => string,
): Generator<string, void> {
  let piece = header;
  for (let i = 0; i < rows; i++) {
    piece += row(i);
    if (piece.length >= PIECE) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

export function spikesDat(results: RunResults): Generator<string> {
  const { senders, times } = results.spikes;
  const time = timeFormatter(results.resolution);
  const header = [
    `# isospike version: ${results.versions.isospike}`,
    '# RecordingBackendASCII version: 2',
    'sender\ttime_ms\n',
  ].join('\n');
  return table(header, senders.length, (i) => `${senders[i]}\t${time(times[i]!)}\n`);
}

/** All synapses of all connections; delays in ms, weights in the unit of the target's input. */
export function* weightsCsv(connections: readonly WeightColumns[]): Generator<string> {
  yield 'connection,source,target,delay_ms,initial,final\n';
  for (const { connection, source, target, delay, initial, final } of connections) {
    const name = csvField(connection);
    yield* table(
      '',
      source.length,
      (i) => `${name},${source[i]},${target[i]},${delay[i]},${initial[i]},${final[i]}\n`,
    );
  }
}

export function weightEventsCsv(events: WeightEventColumns, resolution: number): Generator<string> {
  const { senders, targets, times, weights } = events;
  const time = timeFormatter(resolution);
  return table(
    'source,target,time_ms,weight\n',
    times.length,
    (i) => `${senders[i]},${targets[i]},${time(times[i]!)},${weights[i]}\n`,
  );
}

export function tracesCsv(traces: TraceColumns, resolution: number): Generator<string> {
  const { senders, times } = traces;
  const names = Object.keys(traces.values);
  const columns = Object.values(traces.values);
  const time = timeFormatter(resolution);
  return table(`sender,time_ms,${names.map(csvField).join(',')}\n`, times.length, (i) => {
    let line = `${senders[i]},${time(times[i]!)}`;
    for (const column of columns) line += `,${column[i]}`;
    return `${line}\n`;
  });
}

/** Quoted as RFC 4180 asks, where a name has a comma, a quote or a line break in it. */
function csvField(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
