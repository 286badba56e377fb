// The verbs for layouts that are only known at run time: what they give is unknown to the types, what they take is wrong
// as often as not.
import * as codecs from '../src/codec.ts';
import * as jsons from '../src/json.ts';
import type { Encodable, Layout } from '../src/layout.ts';
import * as views from '../src/view.ts';

type Read = (layout: Layout, bytes: Uint8Array, options?: { strict?: boolean }) => unknown;

export const view: Read = views.view;
export const decode: Read = codecs.decode;
export const encode = (layout: Layout, value: unknown) => codecs.encode(layout, value as Encodable<Layout>);
export const toJson = (layout: Layout, of: unknown): unknown => jsons.toJson(layout, of as Encodable<Layout>);
export const fromJson = (layout: Layout, json: unknown): unknown => jsons.fromJson(layout, json);
