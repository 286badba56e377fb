import type { OneOf, Union } from '../layout/vocabulary.ts';
import { LayoutError, type LayoutErrorCode } from './error.ts';
import { either, exactIn, hexNumber, shown } from './number.ts';
import { type Marks, type Node, type NumberNode, pathOf, placeAt } from './tree.ts';

/* What is wrong with a node. */

/** The error of a node, or of an item of an array. */
export const fail = (code: LayoutErrorCode, node: Node, at: number, says: string, item?: number): LayoutError =>
  new LayoutError(code, item === undefined ? pathOf(node) : `${pathOf(node)}[${item}]`, at, says);

/** What a number holds, as a message shows it. */
export const shownAt = ({ type, start }: NumberNode, bytes: Uint8Array, marks: Marks): number | string =>
  shown(exactIn(type, bytes, placeAt(marks, start)));

/** That a tag is none of those that select. */
export const noVariant = ({ cases }: OneOf | Union, tag: number | string): string =>
  `must be ${either(Object.keys(cases).map((each) => (typeof tag === 'string' ? hexNumber(BigInt(each), 8) : each)))}, is ${tag}`;
