// Checks that a directory holds a whole run of a second of the seed experiment.
//   node check-run.mjs DIRECTORY
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory] = process.argv.slice(2);
const read = (name) => readFileSync(join(directory, name));
const run = JSON.parse(read('run.json'));

assert.equal(run.name, 'clopath-bidirectional');
assert.equal(run.complete, true);
assert.equal(run.simulated_ms, 1000);
assert.match(run.digest, /^[0-9a-f]{64}$/);

const names = run.files.map(({ name }) => name);
assert.deepEqual(readdirSync(directory).sort(), ['run.json', ...names].sort());
for (const { name, bytes, sha256 } of run.files) {
  const data = read(name);
  assert.equal(data.length, bytes, name);
  assert.equal(createHash('sha256').update(data).digest('hex'), sha256, name);
  if (name.endsWith('.png')) assert.equal(data.toString('latin1', 1, 4), 'PNG', name);
  if (name.endsWith('.svg')) assert.match(data.toString(), /^<svg[\s\S]*<\/svg>\s*$/, name);
}
const figures = ['weight-change', 'raster', 'rates', 'weights-over-time', 'weight-histograms'];
for (const figure of figures) {
  for (const kind of ['svg', 'png']) assert.ok(names.includes(`${figure}.${kind}`), figure);
}

assert.ok(names.includes('report.html'));

// 10 x 9 plastic weights among the excitatory neurons, 500 x 10 onto them.
const weights = read('weights.csv').toString().trimEnd().split('\n').slice(1);
assert.equal(weights.filter((line) => line.startsWith('exc-to-exc,')).length, 90);
assert.equal(weights.filter((line) => line.startsWith('input-to-exc,')).length, 5000);
const changed = weights.filter((line) => line.split(',')[4] !== line.split(',')[5]);
assert.ok(changed.length > 0, 'no weight has changed');

const spikes = read('spikes.dat').toString().trimEnd().split('\n').slice(3);
const counted = run.populations.reduce((sum, population) => sum + population.spikes, 0);
assert.equal(spikes.length, counted);
assert.ok(counted > 500, `only ${counted} spikes`);

console.log(`${counted} spikes, ${changed.length} weights changed, ${names.length} files`);
