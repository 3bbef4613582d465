/**
 * JSON (RFC 8259) with errors that say where: `JSON.parse` tells no line, and silently drops the
 * first of two equal keys, which in an experiment is a lost population.
 */
import { JsonSyntaxError } from '../errors/index.js';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const SPACE = /[ \t\n\r]*/y;
const WORD = /[A-Za-z_]\w*/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const MAX_DEPTH = 200;

/**
 * The value that a JSON text stands for.
 * @param where name of the text (a file), for errors
 * @throws JsonSyntaxError
 */
export function parseJson(text: string, where: string): unknown {
  return new Reader(text.startsWith('\ufeff') ? text.slice(1) : text, where).document();
}

class Reader {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly where: string,
  ) {}

  document(): unknown {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail(`expected the end, found ${this.found()}`);
    return value;
  }

  private value(): unknown {
    this.space();
    const start = this.text[this.at];
    if (start === '{' || start === '[') {
      if (++this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels of nesting`);
      const value = start === '{' ? this.object() : this.array();
      this.depth--;
      return value;
    }
    if (start === '"') return this.string();
    const number = this.match(NUMBER);
    if (number !== undefined) return Number(number);
    return this.word();
  }

  private object(): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    this.at++;
    if (this.takes('}')) return {};
    do {
      this.space();
      const keyAt = this.at;
      if (this.text[this.at] !== '"')
        this.fail(`expected a key in double quotes, found ${this.found()}`);
      const key = this.string();
      if (entries.has(key)) this.fail(`the key '${key}' stands here a second time`, keyAt);
      if (!this.takes(':')) this.fail(`expected ':', found ${this.found()}`);
      entries.set(key, this.value());
    } while (this.takes(','));
    if (!this.takes('}')) this.fail(`expected ',' or '}', found ${this.found()}`);
    return Object.fromEntries(entries);
  }

  private array(): unknown[] {
    const values: unknown[] = [];
    this.at++;
    if (this.takes(']')) return values;
    do values.push(this.value());
    while (this.takes(','));
    if (!this.takes(']')) this.fail(`expected ',' or ']', found ${this.found()}`);
    return values;
  }

  private string(): string {
    const start = this.at;
    const quoted = this.match(STRING);
    try {
      if (quoted !== undefined) return JSON.parse(quoted) as string;
    } catch {
      // Falls through: the engine's own message knows no line.
    }
    this.fail('this string has no end, or holds an unescaped character', start);
  }

  private word(): boolean | null {
    const start = this.at;
    const word = this.match(WORD);
    const value = word === undefined ? undefined : WORDS.get(word);
    if (value === undefined) {
      this.at = start;
      this.fail(`expected a value, found ${this.found()}`);
    }
    return value;
  }

  private takes(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.at += match[0].length;
    return match[0];
  }

  private space(): void {
    this.match(SPACE);
  }

  private found(): string {
    if (this.at >= this.text.length) return 'the end';
    return `'${this.text.slice(this.at).match(/^(?:[A-Za-z_]\w*|.)/su)?.[0]}'`;
  }

  private fail(problem: string, at = this.at): never {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    throw new JsonSyntaxError(this.where, line, at - before.lastIndexOf('\n'), problem);
  }
}
