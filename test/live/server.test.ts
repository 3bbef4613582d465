import { execFile } from 'node:child_process';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type LocalServer, openServer } from '../../src/live/server.js';

const opened: LocalServer[] = [];
afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())));

/** With a page, and a command that is counted. */
async function serve() {
  let commands = 0;
  const server = await openServer({
    'GET ': (_, response) => response.end('page'),
    'POST pause': (_, response) => {
      commands += 1;
      response.writeHead(204).end();
    },
  });
  opened.push(server);
  const { host, pathname } = new URL(server.address);
  return { server, host, secret: pathname.split('/')[1]!, commands: () => commands };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** With headers as given, which fetch would not allow. */
function ask(
  address: string,
  method = 'GET',
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (data) => {
        text += data;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode!, text, headers: response.headers });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('the address is of this machine, with a secret that is new each time', async () => {
  const [one, two] = [await serve(), await serve()];
  expect(one.server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  expect(one.secret).not.toBe(two.secret);
  expect(one.host).not.toBe(two.host);
  expect(await ask(one.server.address)).toMatchObject({ status: 200, text: 'page' });
});

test('nothing listens on other interfaces', async () => {
  const { host } = await serve();
  const port = Number(host.split(':')[1]);
  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  // The rest of 127.0.0.0/8 is of this machine, too.
  for (const address of ['127.0.0.2', ...others]) {
    const outcome = new Promise((resolve) => {
      const socket = connect(port, address);
      socket.on('connect', () => {
        socket.destroy();
        resolve('connected');
      });
      socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    });
    expect(await outcome).toBe('ECONNREFUSED');
  }
});

describe('refused is', () => {
  const forbidden = { status: 403, text: 'the address is not complete\n' };

  test.each([
    ['no secret', () => '/'],
    ['no secret, but a path', () => '/pause'],
    [
      'another secret',
      (secret: string) => `/${secret.replace(/./, (c) => (c === 'a' ? 'b' : 'a'))}/`,
    ],
    ['a part of the secret', (secret: string) => `/${secret.slice(0, -1)}/`],
    ['the secret elsewhere', (secret: string) => `/x/${secret}/`],
    ['the secret as a query', (secret: string) => `/?${secret}/`],
    ['the secret without the slash', (secret: string) => `/${secret}`],
  ])('%s', async (_, path) => {
    const { host, secret, commands } = await serve();
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      expect(await ask(`http://${host}${path(secret)}`, method)).toMatchObject(forbidden);
    }
    expect(commands()).toBe(0);
  });

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]:PORT',
    'localhost.evil.example:PORT',
  ])('a request for the host %s', async (given) => {
    const { server, host } = await serve();
    const header = given.replace('PORT', host.split(':')[1]!);
    expect(await ask(server.address, 'GET', { Host: header })).toMatchObject(forbidden);
  });

  test.each(['http://evil.example', 'null', 'https://127.0.0.1:PORT', 'http://127.0.0.1:1', ''])(
    'a request from a page of origin "%s"',
    async (given) => {
      const { server, host, commands } = await serve();
      const origin = given.replace('PORT', host.split(':')[1]!);
      const answer = await ask(`${server.address}pause`, 'POST', { Origin: origin });
      expect(answer).toMatchObject(forbidden);
      expect(commands()).toBe(0);
    },
  );
});

test('its own page may give commands, under both names of this machine', async () => {
  const { server, host, commands } = await serve();
  const local = host.replace('127.0.0.1', 'localhost');
  for (const own of [host, local]) {
    const headers = { Host: own, Origin: `http://${own}` };
    expect(await ask(`${server.address}pause`, 'POST', headers)).toMatchObject({ status: 204 });
  }
  expect(commands()).toBe(2);
});

test('what does not exist is told apart from what is asked for in the wrong way', async () => {
  const { server, commands } = await serve();
  expect(await ask(`${server.address}nothing`)).toMatchObject({ status: 404 });
  const wrong = await ask(`${server.address}pause`);
  expect(wrong).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  expect(await ask(`${server.address}constructor`)).toMatchObject({ status: 404 });
  expect(commands()).toBe(0);
});

test('the secret does not travel on, and no other page can show this one', async () => {
  const { server } = await serve();
  const { headers } = await ask(server.address);
  expect(headers).toMatchObject({
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'content-security-policy': "frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
});

test('closing it ends connections that are open', async () => {
  const { server, host } = await serve();
  const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
  await new Promise((resolve) => socket.on('connect', resolve));
  const ended = new Promise((resolve) => socket.on('close', resolve));
  await server.close();
  await ended;
  await expect(ask(server.address)).rejects.toThrow('ECONNREFUSED');
});

test('a port that the system does not give is told with what helps', async () => {
  const script = `
    import { openSync } from 'node:fs';
    const { openServer } = await import('./dist/src/live/server.js');
    const { failureText } = await import('./dist/src/cli/failure.js');
    try { for (;;) openSync('/dev/null'); } catch {}
    await openServer({}).catch((error) => console.log(error.name + '\\n' + failureText(error)));`;
  const run = promisify(execFile);
  const node = [process.execPath, '--input-type=module', '-e', script];
  const { stdout } = await run('sh', ['-c', 'ulimit -n 100; exec "$@"', 'sh', ...node]);
  expect(stdout.trim().split('\n')).toEqual([
    'PortError',
    'error: the live view gets no port on 127.0.0.1: too many open files (raise the limit that `ulimit -n` shows); the same run without --live needs none',
  ]);
});
