/**
 * The web server of a live view: on the loopback interface alone, and only for requests that know
 * the secret in its address and were made by its own page or by hand, not by some other page.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getSystemErrorMap } from 'node:util';
import { PortError } from '../errors/index.js';

const LOOPBACK = '127.0.0.1';
const SECRET_BYTES = 24;
/** For the head of a request; one that comes in drops is given up. */
const REQUEST_TIMEOUT_MS = 10_000;

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What is served, by method and path below the secret: `GET `, `GET events`, `POST pause`. */
export type Routes = Readonly<Record<string, Handler>>;

export interface LocalServer {
  /** With the secret; ends with a slash. */
  readonly address: string;
  /** Ends the server and what connections are left. */
  close(): Promise<void>;
}

/** @throws PortError */
export async function openServer(routes: Routes): Promise<LocalServer> {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const options = { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
  const server = createServer(options);
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => {
      reject(new PortError(LOOPBACK, problemOf(cause), { cause }));
    };
    server.once('error', refuse);
    server.listen(0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  server.on('request', (request, response) => answer(request, response, { routes, secret, port }));
  return { address: `http://${LOOPBACK}:${port}/${secret}/`, close: () => close(server) };
}

/** The system's words, and what helps where that is known. */
function problemOf({ code, errno }: NodeJS.ErrnoException): string {
  const words = getSystemErrorMap().get(errno!)?.[1] ?? String(code);
  const remedy = REMEDIES[code ?? ''];
  return remedy === undefined ? words : `${words} (${remedy})`;
}

const REMEDIES: Readonly<Record<string, string>> = {
  EMFILE: 'raise the limit that `ulimit -n` shows',
  ENFILE: 'end programs that hold many files open',
  EADDRINUSE: 'end programs that hold many connections, or wait a minute',
  EADDRNOTAVAIL: 'start the loopback interface: ip link set lo up',
  EACCES: 'the system or a sandbox forbids servers',
  EPERM: 'the system or a sandbox forbids servers',
};

interface Site {
  readonly routes: Routes;
  readonly secret: string;
  readonly port: number;
}

function answer(request: IncomingMessage, response: ServerResponse, site: Site): void {
  // Commands have no body; whatever comes is dropped.
  request.resume();
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const path = allowedPath(request, site);
  if (path === undefined) return refuse(response, 403, 'the address is not complete');
  const handler = site.routes[`${request.method} ${path}`];
  if (handler !== undefined) return handler(request, response);
  const others = Object.keys(site.routes).filter((route) => route.split(' ')[1] === path);
  if (others.length === 0) return refuse(response, 404, 'there is nothing here');
  response.setHeader('Allow', others.map((route) => route.split(' ')[0]).join(', '));
  refuse(response, 405, 'this is not how to ask for it');
}

/** The secret stands in the address, so that it must not travel on; nothing comes from elsewhere. */
const HEADERS = {
  'Cache-Control': 'no-store',
  // The page says what it may load; no other page may show it.
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** The path below the secret; undefined if the request may not be answered. */
function allowedPath(request: IncomingMessage, { secret, port }: Site): string | undefined {
  const { host, origin } = request.headers;
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  // A page elsewhere whose name leads here (DNS rebinding), or that sends requests here.
  if (host === undefined || !hosts.includes(host)) return undefined;
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) return undefined;
  const [, given = '', path] = /^\/([^/?]*)\/([^?]*)$/.exec(request.url ?? '') ?? [];
  return isEqual(given, secret) ? path : undefined;
}

function isEqual(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  response.end(`${text}\n`);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
