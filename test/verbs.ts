// The verbs for layouts that are only known at run time: what they give is then unknown to the types, too.
import * as codecs from '../src/codec.ts';
import * as jsons from '../src/json.ts';
import type { Layout } from '../src/layout.ts';
import * as views from '../src/view.ts';

type Read<Given = Uint8Array> = (layout: Layout, given: Given, options?: { strict?: boolean }) => unknown;

export const view = views.view as unknown as Read;
export const decode = codecs.decode as unknown as Read;
export const encode = codecs.encode as unknown as (layout: Layout, value: unknown) => Uint8Array<ArrayBuffer>;
export const toJson = jsons.toJson as unknown as (layout: Layout, of: unknown) => unknown;
export const fromJson = jsons.fromJson as unknown as (layout: Layout, json: unknown) => unknown;
