import { Longest } from './longest.ts';
import { shown } from './text.ts';

/*
 * A JSON document is scanned for what can stand for bytes, and nothing is made of the rest: JSON.parse takes 25 times the
 * size of some documents in memory, and has no limit of depth.
 */

/** Something in a document that can stand for bytes: a text, or a list of numbers that are bytes. */
interface Leaf {
  /** `.quote`, `[0].evidence`; of long ones the end. */
  readonly path: string;
  /** Undefined where the text is escaped in a way that JSON does not know. */
  readonly content: () => string | Uint8Array | undefined;
}

/** What is in a document. */
export interface Scanned {
  /** The first keys of the outermost object. */
  readonly keys: readonly string[];
  /** The longest leaves, longest first. */
  readonly leaves: readonly Leaf[];
  /** How many more there are. */
  readonly dropped: number;
}

/** Documents that nest deeper are not looked into. */
export const DEEPEST_JSON = 256;
/** Shorter texts and lists are no evidence: the shortest has 16 bytes. */
const LEAST = 22;
const LEAST_LIST = 16;
const MOST_KEYS = 32;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A list or an object that is open. */
interface Level {
  readonly isList: boolean;
  readonly from: number;
  /** Where the key that is at work lies, without its quotes. */
  keyFrom: number;
  keyTo: number;
  items: number;
  /** Whether all items so far are numbers from 0 to 255. */
  areBytes: boolean;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isWhite = (code: number): boolean => code === 0x20 || (code >= 9 && code <= 13);

/** Where the text ends whose first character is at `from`: at the quote with an even number of backslashes in front. */
function closing(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (at - 1 - backslashes >= from && text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** Whether a number can go on with this character. Whether it is a right number is not looked at. */
const isNumeral = (code: number): boolean =>
  isDigit(code) || code === 0x2b || code === 0x2d || code === 0x2e || code === 0x65 || code === 0x45;

/** The bytes of a list of which every item is one. */
function listed(text: string, from: number, to: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let i = -1;
  let isInside = false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) isInside = false;
    else {
      if (!isInside) i++;
      isInside = true;
      bytes[i] = bytes[i]! * 10 + code - 0x30;
    }
  }
  return bytes;
}

function unescaped(text: string, from: number, to: number): string | undefined {
  const raw = text.slice(from, to);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}

/** So much of a path is shown. */
const MOST_PATH = 16;

/** A key as a sentence can show it. */
const keyOf = (text: string, { keyFrom, keyTo }: Pick<Level, 'keyFrom' | 'keyTo'>): string =>
  shown(text.slice(keyFrom, Math.min(keyTo, keyFrom + MOST_PATH + 1)));

/** The path of what is at work, from its end on. */
function pathOf(text: string, levels: readonly Level[]): string {
  let path = '';
  for (let i = levels.length - 1; i >= 0; i--) {
    const { isList, items, keyFrom, keyTo } = levels[i]!;
    const step = isList ? `[${items}]` : `.${keyOf(text, { keyFrom, keyTo })}`;
    if (path !== '' && step.length + path.length > MOST_PATH) return path.startsWith('.') ? `..${path}` : `...${path}`;
    path = step + path;
  }
  return path;
}

const skipWhite = (text: string, from: number): number => {
  let at = from;
  while (isWhite(text.charCodeAt(at))) at++;
  return at;
};

const WORDS = ['true', 'false', 'null'];

/** The end of the word, or of the negative number, that begins at `at`; -1 where there is none. */
function wordEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === MINUS) return isDigit(text.charCodeAt(at + 1)) ? numberEnd(text, at + 1) : -1;
  const word = WORDS.find((each) => text.startsWith(each, at));
  return word ? at + word.length : -1;
}

function numberEnd(text: string, at: number): number {
  let end = at;
  while (isNumeral(text.charCodeAt(end))) end++;
  return end;
}

/** Reads the key at `from` into its object, up to the colon; gives where its value may begin, or -1. */
function readKey(text: string, from: number, level: Level): number {
  const start = skipWhite(text, from);
  const end = text.charCodeAt(start) === QUOTE ? closing(text, start + 1) : -1;
  if (end < 0) return -1;
  level.keyFrom = start + 1;
  level.keyTo = end;
  const colon = skipWhite(text, end + 1);
  return text.charCodeAt(colon) === COLON ? colon + 1 : -1;
}

/**
 * Finds what can stand for bytes in a JSON document: at most `most` leaves. `broken` where the text is no JSON, `deep`
 * where it nests deeper than {@link DEEPEST_JSON}.
 */
export function scanJson(text: string, most: number): Scanned | 'broken' | 'deep' {
  const keys: string[] = [];
  const leaves = new Longest<Leaf>(most);
  const levels: Level[] = [];
  const offer = (from: number, to: number, content: Leaf['content']): void =>
    leaves.offer(to - from, () => ({ path: pathOf(text, levels), content }));
  let level: Level | undefined;
  let at = 0;
  for (;;) {
    at = skipWhite(text, at);
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      let value = code - 0x30;
      let next = text.charCodeAt(++at);
      for (; isDigit(next); next = text.charCodeAt(++at)) value = value * 10 + next - 0x30;
      const isWhole = !isNumeral(next);
      if (!isWhole) at = numberEnd(text, at);
      if (level && (value > 255 || !isWhole)) level.areBytes = false;
    } else if (code === QUOTE) {
      const from = at + 1;
      const to = closing(text, from);
      if (to < 0) return 'broken';
      if (level) level.areBytes = false;
      if (to - from >= LEAST) offer(from, to, () => unescaped(text, from, to));
      at = to + 1;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      const isList = code === OPEN_LIST;
      if (level) level.areBytes = false;
      const first = skipWhite(text, at + 1);
      if (text.charCodeAt(first) !== (isList ? CLOSE_LIST : CLOSE_OBJECT)) {
        if (levels.length === DEEPEST_JSON) return 'deep';
        level = { isList, from: at, keyFrom: 0, keyTo: 0, items: 0, areBytes: isList };
        levels.push(level);
        at = isList ? first : readKey(text, first, level);
        if (at < 0) return 'broken';
        continue;
      }
      at = first + 1;
    } else {
      at = wordEnd(text, at);
      if (at < 0) return 'broken';
      if (level) level.areBytes = false;
    }
    // A value has ended; as many levels as it was the last of end with it.
    for (;;) {
      at = skipWhite(text, at);
      if (!level) return at === text.length ? { keys, leaves: leaves.all, dropped: leaves.dropped } : 'broken';
      if (levels.length === 1 && !level.isList && keys.length < MOST_KEYS) keys.push(keyOf(text, level));
      const next = text.charCodeAt(at);
      if (next === COMMA) {
        level.items++;
        at = level.isList ? at + 1 : readKey(text, at + 1, level);
        if (at < 0) return 'broken';
        break;
      }
      if (next !== (level.isList ? CLOSE_LIST : CLOSE_OBJECT)) return 'broken';
      levels.pop();
      const { from, areBytes } = level;
      const items = level.items + 1;
      const to = at + 1;
      if (areBytes && items >= LEAST_LIST) offer(from, to, () => listed(text, from, to, items));
      level = levels.at(-1);
      at = to;
    }
  }
}
