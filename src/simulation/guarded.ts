/**
 * Objects that do not swallow what PyNEST's users are used to. There, `nodes.I_e = 0` sets a parameter and
 * `nodes.V_m` reads it; in JavaScript the first would make a property that nobody asks for, and the second give
 * undefined. So what an object lacks is looked up in a proxy at the end of its chain of prototypes, and refused if it
 * is assigned to, or known to be meant for something. What an object has is found before, at no cost.
 */
import { UnknownPropertyError } from '../errors/index.js';

/** Names of methods, as symbols, since they are not for users. */
export const insteadOfReading = Symbol('instead of reading');
export const insteadOfAssigning = Symbol('instead of assigning');

/** What is asked of any object, to see whether it is a promise or knows how to become JSON. */
const ASKED_BY_LANGUAGE = ['then', 'toJSON'];

export abstract class Guarded {
  readonly #made = true;

  static made(receiver: object): receiver is Guarded {
    return #made in receiver;
  }

  /** What to do instead of reading a property that is not there; undefined if it may be looked for in vain. */
  abstract [insteadOfReading](property: string): string | undefined;
  /** What to do instead of assigning to it. */
  abstract [insteadOfAssigning](property: string): string;

  /** For `console.log` in Node.js. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return String(this);
  }
}

/** Whether a property is one of a list, as in `nodes[0]`. */
export function isIndex(property: string): boolean {
  return /^-?\d+$/.test(property);
}

/** Whether it was made by a guarded class, and is not its prototype, nor something else that inherits from one. */
function isGuarded(receiver: unknown): receiver is Guarded {
  return typeof receiver === 'object' && receiver !== null && Guarded.made(receiver);
}

function refusal(receiver: Guarded, property: string, hint: string): UnknownPropertyError {
  return new UnknownPropertyError(receiver.constructor.name, property, hint);
}

const lookup: ProxyHandler<object> = {
  get(target, property, receiver) {
    const isName = typeof property === 'string' && !(property in target);
    if (isName && !ASKED_BY_LANGUAGE.includes(property) && isGuarded(receiver)) {
      const hint = receiver[insteadOfReading](property);
      if (hint !== undefined) throw refusal(receiver, property, hint);
    }
    return Reflect.get(target, property, receiver);
  },
  set(target, property, value, receiver) {
    if (typeof property === 'string' && isGuarded(receiver)) {
      throw refusal(receiver, property, receiver[insteadOfAssigning](property));
    }
    return Reflect.set(target, property, value, receiver);
  },
};

Object.setPrototypeOf(Guarded.prototype, new Proxy(Object.prototype, lookup));
