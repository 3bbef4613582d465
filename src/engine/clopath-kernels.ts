/**
 * The kernels of the Clopath rule: what a neuron archives at the end of a step, and what a row of
 * synapses does at a presynaptic spike (C. Clopath et al., Nature Neuroscience 13 (2010) 344-352,
 * eqs. 1-5, in the event-driven form of J. Stapmanns et al., Frontiers in Neuroinformatics 15 (2021)).
 */
import { KernelBuilder } from '../kernel/builder.js';
import type { F64, Int, Kernel } from '../kernel/ir.js';
import { signedSlot } from './static-kernels.js';

/** Parameters of the archive, in the order of its table of addresses. */
export const ARCHIVE_PARAMETERS = [
  'A_LTD',
  'A_LTP',
  'A_LTD_const',
  'theta_plus',
  'theta_minus',
  'u_ref_squared',
] as const;
export type ArchiveParameter = (typeof ARCHIVE_PARAMETERS)[number];

/** Columns of the archive kernel, in the order of its table of addresses. */
export const ARCHIVE_COLUMNS = [
  'V_m',
  'u_bar_bar',
  'delayedPlus',
  'delayedMinus',
  'active',
  'latestBefore',
  'depression',
  'amount',
  'latest',
] as const;

/**
 * Kernel (columns, parameters, time, first, count) -> 1 if any neuron is potentiated, else 0. Writes the
 * depression value of the step, the amount of potentiation (0 for none) and the latest step with
 * potentiation of each active neuron. `time` is the address of the resolution and the step, `first` where
 * the first neuron is in the columns, in bytes.
 *
 * @param each names of the parameters that differ between neurons
 */
export function archiveKernel(each: ReadonlySet<string>): Kernel {
  const k = new KernelBuilder('archive', 2);
  const table = k.parameter('columns');
  const parameters = k.parameter('parameters');
  const time = k.parameter('time');
  const first = k.parameter('first');
  const count = k.parameter('count');
  const any = k.letInt(0);
  const column = Object.fromEntries(
    ARCHIVE_COLUMNS.map((name, i) => [name, k.letInt(k.loadInt(table.add(4 * i)).add(first))]),
  ) as Record<(typeof ARCHIVE_COLUMNS)[number], Int>;
  const address = ARCHIVE_PARAMETERS.map((name, i) => {
    const ofAll = k.loadInt(parameters.add(4 * i));
    return each.has(name) ? k.letInt(ofAll.add(first)) : ofAll;
  });
  k.each(count, (at) => {
    const p = Object.fromEntries(
      ARCHIVE_PARAMETERS.map((name, i) => [
        name,
        each.has(name) ? k.load(address[i].add(at)) : k.loadAll(address[i]),
      ]),
    ) as Record<ArchiveParameter, F64>;
    const load = (name: keyof typeof column): F64 => k.load(column[name].add(at));
    const [V_m, u_bar_bar, up, um] = [
      load('V_m'),
      load('u_bar_bar'),
      load('delayedPlus'),
      load('delayedMinus'),
    ];
    const active = load('active').gt(0);
    const base = k.let(p.A_LTD.mul(um.sub(p.theta_minus)));
    const scaled = base.mul(u_bar_bar).mul(u_bar_bar).div(p.u_ref_squared);
    const value = p.A_LTD_const.eq(0).select(scaled, base);
    k.store(column.depression.add(at), um.gt(p.theta_minus).and(active).select(value, 0));
    const rate = p.A_LTP.mul(V_m.sub(p.theta_plus)).mul(up.sub(p.theta_minus));
    const potentiated = V_m.gt(p.theta_plus).and(up.gt(p.theta_minus)).and(active);
    k.store(column.amount.add(at), potentiated.select(rate.mul(k.loadAll(time)), 0));
    const latest = potentiated.select(k.loadAll(time, 8), load('latestBefore'));
    k.store(column.latest.add(at), latest);
    k.ifAny(potentiated, () => k.setInt(any, 1));
  });
  return k.finish(any);
}

/** Kernel (plus, plusLine, minus, minusLine, count): u_bars at the end of a step, to the delay lines. */
export function enterKernel(): Kernel {
  const k = new KernelBuilder('enter', 2);
  const names = ['plus', 'plusLine', 'minus', 'minusLine', 'count'];
  const [plus, plusLine, minus, minusLine, count] = names.map((name) => k.parameter(name));
  const done = k.letInt(0);
  k.each(count, (at) => {
    k.store(plusLine.add(at), k.load(plus.add(at)));
    k.store(minusLine.add(at), k.load(minus.add(at)));
  });
  return k.finish(done);
}

/** Kernel (from, to, count): the running sums of a step in which nothing is added. */
export function carryKernel(): Kernel {
  const k = new KernelBuilder('carry', 2);
  const [from, to, count] = ['from', 'to', 'count'].map((name) => k.parameter(name));
  const done = k.letInt(0);
  k.each(count, (at) => k.store(to.add(at), k.load(from.add(at))));
  return k.finish(done);
}

/**
 * Kernel (from, to, amount, active, factor, count): to = from + amount * factor where active, for
 * the running sums. `factor` is the address of a number.
 */
export function accumulateKernel(): Kernel {
  const k = new KernelBuilder('accumulate', 2);
  const from = k.parameter('from');
  const to = k.parameter('to');
  const amount = k.parameter('amount');
  const active = k.parameter('active');
  const factor = k.loadAll(k.parameter('factor'));
  const count = k.parameter('count');
  const done = k.letInt(0);
  k.each(count, (at) => {
    const before = k.load(from.add(at));
    const more = before.add(k.load(amount.add(at)).mul(factor));
    k.store(to.add(at), k.load(active.add(at)).gt(0).select(more, before));
  });
  return k.finish(done);
}

/**
 * How a row's potentiation is found: by how many terms, or as the amount that was settled, or as that
 * of earlier epochs (see `earlierKernel`) and one term more.
 */
export type PotentiationForm = 'none' | 'one' | 'two' | 'settled' | 'more';

/** Of the epochs of a window that have ended: the share of the first, or of one of the next. */
export type EpochShare = 'first' | 'next';

/** Numbers of the delivery kernels' scalar block, each 8 bytes. */
const DELIVERY_SCALARS = { factor1: 0, factor2: 8, Wmin: 16, Wmax: 24 } as const;

const ROW_PARAMETERS = [
  'weights',
  'lasts',
  'sums',
  'ends',
  'depression',
  'input',
  'scalars',
  'targets',
  'count',
  'inhibitory',
] as const;

/**
 * Kernel (the parameters above) for one presynaptic spike through a row. Addresses in `sums`, `ends`,
 * `depression` and `input` are those of the target with index 0; `ends` is S at the end of the window's
 * first epoch. Contiguous rows start at target 0 and pass anything for `targets`; others name their
 * targets there. Onto `signed` input, what is not positive goes `inhibitory` bytes further.
 */
export function clopathRowKernel(
  form: PotentiationForm,
  contiguous: boolean,
  signed: boolean,
): Kernel {
  const k = new KernelBuilder(kernelName(form, contiguous), contiguous && !signed ? 2 : 1);
  const [weights, lasts, sums, ends, depression, input, scalars, targets, count, inhibitory] =
    ROW_PARAMETERS.map((name) => k.parameter(name));
  const scalar = (name: keyof typeof DELIVERY_SCALARS): F64 =>
    k.loadAll(scalars, DELIVERY_SCALARS[name]);
  const done = k.letInt(0);
  k.eachAlone(count, (at) => {
    const target = targetOf(k, targets, at, contiguous);
    const sum = k.load(sums.add(target));
    const before = k.load(weights.add(at));
    // Before a row's first spike there is nothing to load: see `allocateResidentF64`.
    const last = () => k.load(lasts.add(at));
    const end = () => k.load(ends.add(target));
    const weight = k.let(potentiated(k, before, form, last, sum, end, scalar));
    const lowered = k.let(weight.sub(k.load(depression.add(target))));
    const transmitted = k.let(scalar('Wmin').lt(lowered).select(lowered, scalar('Wmin')));
    k.store(weights.add(at), transmitted);
    k.store(lasts.add(at), sum);
    const into = input.add(target);
    const slot = signed ? signedSlot(k, into, transmitted, inhibitory) : into;
    k.store(slot, k.load(slot).add(transmitted));
  });
  return k.finish(done);
}

export function kernelName(what: PotentiationForm | EpochShare, contiguous: boolean): string {
  return `clopath_${what}_${contiguous ? 'run' : 'list'}`;
}

/** Where the target of the synapse at `at` stands in the columns: 8 times its index. */
function targetOf(k: KernelBuilder, targets: Int, at: Int, contiguous: boolean): Int {
  return contiguous ? at : k.letInt(k.loadInt(targets.add(at.half())).shl(3));
}

/** The weight after the potentiation of its window; weights that start above the cap do not come here. */
function potentiated(
  k: KernelBuilder,
  weight: F64,
  form: PotentiationForm,
  last: () => F64,
  sum: F64,
  end: () => F64,
  scalar: (name: 'factor1' | 'factor2' | 'Wmax') => F64,
): F64 {
  if (form === 'none') return weight;
  const first =
    form === 'settled' || form === 'more'
      ? last()
      : scalar('factor1').mul((form === 'one' ? sum : end()).sub(last()));
  const hasLastTerm = form === 'two' || form === 'more';
  const amount = k.let(hasLastTerm ? first.add(scalar('factor2').mul(sum)) : first);
  const raised = k.let(weight.add(amount));
  return raised.gt(scalar('Wmax')).select(scalar('Wmax'), raised);
}

/**
 * Kernel (lasts, ends, factor, targets, count) for a window over several epochs: an epoch's share in the
 * potentiation of each synapse, which takes the place of S in `lasts`. It is that of the window's
 * first epoch, `factor` (an address) times the end of it less S, or added to that of those before.
 */
export function earlierKernel(share: EpochShare, contiguous: boolean): Kernel {
  const k = new KernelBuilder(kernelName(share, contiguous), contiguous ? 2 : 1);
  const [lasts, ends, factor, targets, count] = ['lasts', 'ends', 'factor', 'targets', 'count'].map(
    (name) => k.parameter(name),
  );
  const done = k.letInt(0);
  k.eachAlone(count, (at) => {
    const target = targetOf(k, targets, at, contiguous);
    const last = k.load(lasts.add(at));
    const end = k.load(ends.add(target));
    const amount =
      share === 'first'
        ? k.loadAll(factor).mul(end.sub(last))
        : last.add(k.loadAll(factor).mul(end));
    k.store(lasts.add(at), amount);
  });
  return k.finish(done);
}
