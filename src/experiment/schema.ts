/**
 * What an experiment file may say. One definition, read in two dialects (`values.ts`): as written,
 * where numbers may be expressions over the named parameters, and resolved, where they are
 * evaluated. Names of models, rules and parameters are the registry's business and are checked
 * when the network is built.
 */
import { z } from 'zod';
import { neuronModelsSchema } from './neuron-models.js';
import { experimentError } from './problems.js';
import {
  asWritten,
  type Dialect,
  flag,
  nameOf,
  ownName,
  type Params,
  type ParamValue,
  parameterName,
  paramsSchema,
  paramValue,
  type Quantity,
  strict,
  text,
} from './values.js';

const RESOLUTION: Quantity = {
  expected: 'a step in ms, > 0 and at most 1000',
  above: 0,
  max: 1000,
};
const DURATION: Quantity = { expected: 'a duration in ms, > 0', above: 0 };
const COUNT: Quantity = { expected: 'a whole number, at least 1', whole: true, min: 1 };
const DEGREE: Quantity = { expected: 'a whole number, at least 0', whole: true, min: 0 };
const INDEX: Quantity = { expected: 'an index counting from 0', whole: true, min: 0 };
const PROBABILITY: Quantity = { expected: 'a probability from 0 to 1', min: 0, max: 1 };
const RATE: Quantity = { expected: 'a rate in spikes/s, >= 0', min: 0 };
const NUMBER: Quantity = { expected: 'a finite number' };
const SEED_EXPECTED =
  'a whole number from 0 to 2^53 - 1, or a text (any text is a seed, not an expression)';

/** How a connection rule is asked for; options that do not belong to the rule are its errors. */
export interface ConnSpec<N> {
  readonly rule: string;
  readonly indegree?: N;
  readonly outdegree?: N;
  readonly N?: N;
  readonly p?: N;
  readonly allow_autapses?: boolean;
  readonly allow_multapses?: boolean;
}

/** Synapse model, `weight`, `delay` and the model's own parameters. */
export type SynSpec = Params & { readonly synapse_model: string };

/** The schema in one dialect. */
export function experimentSchema<N extends z.ZodType<number | string>>(dialect: Dialect<N>) {
  const number = (quantity: Quantity) => dialect.number(quantity);
  const value = paramValue(dialect);
  const params = paramsSchema(value, 'parameters by name, as the model has them', {});

  return strict('an experiment: an object', {
    $schema: text('where the JSON Schema of this format is, for editors').exactOptional(),
    name: ownName('name of the experiment'),
    description: text('what it is about').default(''),
    parameters: z
      .record(parameterName('name of a parameter'), number(NUMBER), {
        error: 'an object of numbers by name',
      })
      .describe('numbers with a name, for use in expressions; they may use each other')
      .default({}),
    size_parameter: nameOf('one of the parameters')
      .describe('the parameter by which the network grows, for weak scaling')
      .exactOptional(),
    kernel: kernelSchema(dialect).prefault({}),
    neuron_models: neuronModelsSchema(dialect).default({}),
    synapse_models: z
      .record(
        ownName('name of a synapse model'),
        strict('a synapse model: an object with "base"', {
          base: nameOf('the synapse model to copy'),
          description: text('for readers').exactOptional(),
          params: params.default({}),
          weight_recorder: nameOf('a population of weight_recorder').exactOptional(),
        }),
        { error: 'an object of synapse models by name' },
      )
      .describe('copies of synapse models with parameters of their own')
      .default({}),
    populations: z
      .record(
        ownName('name of a population'),
        strict('a population: an object with "model"', {
          model: nameOf('a node model'),
          description: text('for readers').exactOptional(),
          size: withDefault(number(COUNT).describe('number of nodes'), 1),
          params: params.default({}),
          expected_rate: number(RATE)
            .describe('mean rate to expect in spikes/s, to estimate the effort; changes no result')
            .exactOptional(),
        }),
        { error: 'an object of populations by name' },
      )
      .describe('neurons, generators and recorders, created in this order'),
    connections: z
      .array(connectionSchema(dialect, value), { error: 'a list of connections' })
      .describe('made in this order')
      .default([]),
    protocol: protocolSchema(dialect, params),
  });
}

/** Every dialect reads a plain number, which the type checker cannot see. */
function withDefault<S extends z.ZodType>(schema: S, value: number) {
  return schema.default(value as never);
}

function kernelSchema<N extends z.ZodType<number | string>>(dialect: Dialect<N>) {
  return strict('an object with "resolution", "rng_seed", "min_delay", "total_num_virtual_procs"', {
    resolution: withDefault(dialect.number(RESOLUTION).describe('step in ms'), 0.1),
    rng_seed: z
      .union(
        [
          z
            .number({ error: SEED_EXPECTED })
            .int({ error: SEED_EXPECTED })
            .min(0, { error: SEED_EXPECTED }),
          z.string({ error: SEED_EXPECTED }).min(1, { error: SEED_EXPECTED }),
        ],
        { error: SEED_EXPECTED },
      )
      .describe(SEED_EXPECTED)
      .default(1),
    min_delay: dialect
      .number(DURATION)
      .describe('slice in ms, at most the smallest delay; changes no result')
      .exactOptional(),
    total_num_virtual_procs: dialect
      .number(COUNT)
      .describe(
        'virtual processes, a multiple of the threads; each holds 4 GiB at most; changes no result',
      )
      .exactOptional(),
  });
}

function connectionSchema<N extends z.ZodType<number | string>>(
  dialect: Dialect<N>,
  value: z.ZodType<ParamValue>,
) {
  const number = (quantity: Quantity) => dialect.number(quantity);
  const collection = collectionSchema(dialect);

  const synSpec = z.union(
    [
      nameOf('a synapse model').transform((synapse_model): SynSpec => ({ synapse_model })),
      paramsSchema(value, 'synapse model, weight, delay in ms, and what else the model has', {
        synapse_model: nameOf('a synapse model').default('static_synapse'),
      }),
    ],
    { error: 'a synapse model, or an object with synapse_model, weight, delay and its parameters' },
  );
  const connSpec = z.union(
    [
      nameOf('a connection rule').transform((rule): ConnSpec<z.output<N>> => ({ rule })),
      strict('a connection rule, or an object with "rule" and its options', {
        rule: nameOf('a connection rule'),
        indegree: number(DEGREE).describe('fixed_indegree: sources per target').exactOptional(),
        outdegree: number(DEGREE).describe('fixed_outdegree: targets per source').exactOptional(),
        N: number(DEGREE).describe('fixed_total_number: connections in all').exactOptional(),
        p: number(PROBABILITY).describe('pairwise_bernoulli: probability of each').exactOptional(),
        allow_autapses: flag('may a node connect to itself (default: true)').exactOptional(),
        allow_multapses: flag('may a pair be connected twice (default: true)').exactOptional(),
      }),
    ],
    { error: 'a connection rule, or an object with "rule" and its options' },
  );
  const indices = z.array(number(INDEX), { error: 'a list of indices counting from 0' });
  const pairs = strict('an object with "source" and "target", two lists of indices', {
    source: indices.describe('one index into `source` per connection, counting from 0'),
    target: indices.describe('one index into `target` per connection, counting from 0'),
  }).describe('connections one by one; "weight" and "delay" may then be lists, too');

  return strict('a connection: an object with "source" and "target"', {
    name: ownName('name in results; default: SOURCE-to-TARGET').exactOptional(),
    description: text('for readers').exactOptional(),
    source: collection,
    target: collection,
    conn_spec: connSpec.exactOptional(),
    pairs: pairs.exactOptional(),
    syn_spec: synSpec.prefault({}),
    record_weights: flag(
      'keep initial and final weights (default: true if the synapses are plastic)',
    ).exactOptional(),
  });
}

function collectionSchema<N extends z.ZodType<number | string>>(dialect: Dialect<N>) {
  const expected = 'a population, a slice { "population", "from", "to" }, or a list of those';
  const name = nameOf('a population');
  const slice = strict(expected, {
    population: name,
    from: dialect.number(INDEX).describe('first index, counting from 0').exactOptional(),
    to: dialect
      .number(INDEX)
      .describe('index after the last; none if it is equal to "from"')
      .exactOptional(),
  });
  return z.union(
    [name, slice, z.array(z.union([name, slice], { error: expected })).min(1, { error: expected })],
    { error: expected },
  );
}

function protocolSchema<N extends z.ZodType<number | string>, P extends z.ZodType>(
  dialect: Dialect<N>,
  params: P,
) {
  const gaussian = strict('a stimulus', {
    kind: z
      .literal('gaussian_rate')
      .describe(
        'rates of a Gaussian profile over the population, its centre drawn anew in each interval',
      ),
    population: nameOf('a population with a rate'),
    amplitude: dialect.number(RATE).describe('height of the profile in spikes/s'),
    sigma: dialect
      .number({ expected: 'a width in nodes, > 0', above: 0 })
      .describe('standard deviation of the profile in nodes'),
    factor: withDefault(
      dialect.number({ expected: 'a number >= 0', min: 0 }).describe('factor on the whole profile'),
      1,
    ),
    centers: z
      .array(dialect.number(NUMBER), { error: 'a list of centres' })
      .min(1, { error: 'a list of at least one centre' })
      .describe('positions of the centre, as indices counting from 0; all equally probable'),
  });
  const interval = strict('an interval: an object with "simulate"', {
    description: text('for readers').exactOptional(),
    simulate: dialect.number(DURATION).describe('duration in ms'),
    repeat: withDefault(dialect.number(COUNT).describe('number of such intervals'), 1),
    set: z
      .record(nameOf('a population'), params, { error: 'an object of parameters by population' })
      .describe('parameters to set at the beginning of each of these intervals')
      .default({}),
    stimulus: z
      .discriminatedUnion('kind', [gaussian], {
        error: 'a stimulus, its "kind" being gaussian_rate',
      })
      .describe('rates that change from interval to interval')
      .exactOptional(),
  });
  return z
    .array(interval, { error: 'a list of intervals' })
    .min(1, { error: 'a list of at least one interval' })
    .describe('what to simulate, interval after interval');
}

/** The schema of files as users write them. */
export const fileSchema = experimentSchema(asWritten);

/** An experiment as written: checked, defaults filled in, expressions not yet evaluated. */
export type Experiment = z.output<typeof fileSchema>;

/** A number that may be written as an expression and is a number once read. */
export type EvaluatedNumber = z.ZodType<number, number | string>;

/** An experiment with every number a number: plain JSON data, and itself a valid experiment file. */
export type ResolvedExperiment = z.output<ReturnType<typeof experimentSchema<EvaluatedNumber>>>;

/**
 * Checks data against the format.
 * @param where name of the file, for errors
 * @throws ExperimentError, with all problems found
 */
export function parseExperiment(data: unknown, where: string): Experiment {
  const result = fileSchema.safeParse(data);
  if (!result.success) throw experimentError(result.error.issues, data, where);
  return result.data;
}
