import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Stream } from '../../src/live/stream.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A stream behind a server; `responses` are those that it has taken over. */
async function serve(onReady = () => {}) {
  const stream = new Stream(onReady);
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    stream.add(response);
    responses.push(response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { stream, responses, port: (server.address() as AddressInfo).port };
}

/** A page that has got its head, and reads nothing more until it is told to. */
function page(port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent: false }, resolve);
    asked.on('error', reject);
    asked.end();
  });
}

/** Everything that a page gets until the end, as `kind` and data. */
async function eventsOf(response: IncomingMessage): Promise<[string, unknown][]> {
  let text = '';
  for await (const chunk of response) text += chunk;
  const events = text.split('\n\n').flatMap((event) => {
    const [, kind, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    return kind === undefined ? [] : [[kind, JSON.parse(data!)] as [string, unknown]];
  });
  return events;
}

const run = (name: string) => ({ name, description: '', threads: 1 });
const state = (timeMs: number) => ({
  phase: 'simulate' as const,
  paused: false,
  timeMs,
  totalMs: 1e9,
});
const end = { outcome: 'complete' as const, text: 'results' };

test('a page gets the latest of each kind, and all from then on', async () => {
  const { stream, port } = await serve();
  stream.send('run', run('a'));
  stream.send('state', state(1));
  stream.send('state', state(2));
  const [first, second] = [await page(port), await page(port)];
  stream.send('state', state(3));
  stream.send('end', end);
  await stream.end(1000);
  const expected = [
    ['run', run('a')],
    ['state', state(2)],
    ['state', state(3)],
    ['end', end],
  ];
  expect(await eventsOf(first)).toEqual(expected);
  expect(await eventsOf(second)).toEqual(expected);
});

test('a page that does not read holds up nothing, keeps little, and catches up', async () => {
  let ready = 0;
  const { stream, responses, port } = await serve(() => {
    ready += 1;
  });
  const idle = await page(port);
  const text = 'x'.repeat(100_000);
  for (let i = 0; i < 400; i++) {
    stream.send('run', run(`${i} ${text}`));
    stream.send('state', state(i));
    await new Promise(setImmediate);
  }
  // 40 MB were sent; in this process lies at most what made the connection full.
  expect(responses[0]!.writableLength).toBeLessThan(300_000);
  expect(stream.hasReaders).toBe(false);

  const reading = eventsOf(idle);
  const before = ready;
  while (!stream.hasReaders) await new Promise(setImmediate);
  expect(ready).toBe(before + 1);
  stream.send('end', end);
  await stream.end(1000);
  const events = await reading;
  expect(events.length).toBeLessThan(400);
  const latest = (kind: string) => events.findLast(([found]) => found === kind)![1];
  expect(latest('state')).toEqual(state(399));
  expect(latest('run')).toEqual(run(`399 ${text}`));
  expect(events.at(-1)).toEqual(['end', end]);
});

test('the end does not wait for a page that does not read, but leaves it the last word', async () => {
  const { stream, port } = await serve();
  const idle = await page(port);
  const text = 'x'.repeat(1_000_000);
  while (stream.hasReaders) {
    stream.send('run', run(text));
    await new Promise(setImmediate);
  }
  stream.send('end', end);
  const started = performance.now();
  await stream.end(100);
  expect(performance.now() - started).toBeLessThan(2000);
  expect((await eventsOf(idle)).at(-1)).toEqual(['end', end]);
});

test('pages come and go', async () => {
  const { stream, responses, port } = await serve();
  for (let i = 0; i < 50; i++) {
    const some = await page(port);
    expect(stream.hasReaders).toBe(true);
    const closed = new Promise((resolve) => responses.at(-1)!.on('close', resolve));
    some.destroy();
    stream.send('state', state(i));
    await closed;
    expect(stream.hasReaders).toBe(false);
  }
  for (let i = 0; i < 16; i++) {
    expect(stream.isFull).toBe(false);
    await page(port);
  }
  expect(stream.isFull).toBe(true);
});
