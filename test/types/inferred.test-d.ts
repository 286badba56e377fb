// The types that a declaration gives, as an editor and a compiler see them.
import { assertType, describe, expectTypeOf, test } from 'vitest';
import { decode, decodePrefix, encode } from '../../src/codec.ts';
import { type JsonOf, toJson } from '../../src/json.ts';
import type { Edit, Encodable, Infer, PathOf, View } from '../../src/layout.ts';
import {
  type CertificationData,
  type EcdsaSignatureData,
  type QeAuthenticationData,
  QuoteHeader,
  QuoteV4,
  SgxReportBody,
  TdReportBody10,
} from '../../src/structs/index.ts';
import { edit, equals, lens, offsetOf, span, view, viewPrefix } from '../../src/view.ts';

declare const input: Uint8Array;
type Owned = Uint8Array<ArrayBuffer>;

describe('values', () => {
  test('numbers by the width of the C type, bytes that own their memory', () => {
    expectTypeOf(decode(QuoteHeader, input)).toEqualTypeOf<{
      version: number;
      attestationKeyType: number;
      teeType: number;
      reserved: Owned;
      qeVendorId: Owned;
      userData: Owned;
    }>();
  });

  test('u64 is bigint, u32 with names is number, four items are a tuple', () => {
    expectTypeOf<TdReportBody10['xfam']>().toEqualTypeOf<bigint>();
    expectTypeOf<SgxReportBody['miscselect']>().toEqualTypeOf<number>();
    expectTypeOf<TdReportBody10['rtmr']>().toEqualTypeOf<[Owned, Owned, Owned, Owned]>();
  });

  test('the interface of a struct is what decode gives', () => {
    expectTypeOf<Infer<typeof QuoteV4>>().toEqualTypeOf<{ [K in keyof QuoteV4]: QuoteV4[K] }>();
    assertType<QuoteV4>(decode(QuoteV4, input));
  });

  test('are mutable', () => {
    const quote = decode(QuoteV4, input);
    quote.header.version = 5;
    quote.trailing = new Uint8Array(0);
    if ('rtmr' in quote.body) quote.body.rtmr[3] = new Uint8Array(48);
  });

  test('bodies narrow by the fields that they have', () => {
    const { body } = decode(QuoteV4, input);
    expectTypeOf(body).toEqualTypeOf<Infer<typeof SgxReportBody> | Infer<typeof TdReportBody10>>();
    // @ts-expect-error: only one of the bodies has it
    assertType<unknown>(body.mrtd);
    if ('mrtd' in body) expectTypeOf(body.mrtd).toEqualTypeOf<Owned>();
    else expectTypeOf(body.mrenclave).toEqualTypeOf<Owned>();
  });

  test('what hangs on a tag may be bytes, so that nobody forgets the tag', () => {
    const { signatureData } = decode(QuoteV4, input);
    expectTypeOf(signatureData).toEqualTypeOf<Infer<typeof EcdsaSignatureData> | Owned>();
    // @ts-expect-error: an unknown key type has no such field
    assertType<unknown>(signatureData.quoteSignature);
    if (!(signatureData instanceof Uint8Array)) expectTypeOf(signatureData.quoteSignature).toEqualTypeOf<Owned>();
  });

  test('strict reading has refused unknown tags: no bytes in their place', () => {
    const { signatureData } = decode(QuoteV4, input, { strict: true });
    expectTypeOf(signatureData.quoteSignature).toEqualTypeOf<Owned>();
    expectTypeOf(signatureData.qeCertificationData.certificationData.qeReport.isvsvn).toEqualTypeOf<number>();
    expectTypeOf(decode(QuoteV4, input, { strict: false }).signatureData).toExtend<object>();
    // @ts-expect-error: a strictness that is not known at compile time promises nothing
    assertType<unknown>(decode(QuoteV4, input, { strict: Math.random() > 2 }).signatureData.quoteSignature);
  });

  test('a prefix comes with the bytes that follow', () => {
    expectTypeOf(decodePrefix(QuoteHeader, input)).toEqualTypeOf<
      [value: Infer<typeof QuoteHeader>, rest: Uint8Array]
    >();
  });
});

describe('views', () => {
  test('alias memory of any kind, and are read-only', () => {
    const header = view(QuoteHeader, input);
    expectTypeOf(header.version).toEqualTypeOf<number>();
    expectTypeOf(header.userData).toEqualTypeOf<Uint8Array>();
    // @ts-expect-error: views do not write
    header.version = 5;
    const { body } = view(QuoteV4, input);
    if ('rtmr' in body) {
      expectTypeOf(body.rtmr).toEqualTypeOf<readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array]>();
      expectTypeOf(body.tdattributes).toEqualTypeOf<bigint>();
    }
  });

  test('are no values, and values are no views', () => {
    const viewed = view(QuoteHeader, input);
    const value = decode(QuoteHeader, input);
    // @ts-expect-error: the bytes of a view may be shared with anybody
    assertType<QuoteHeader>(viewed);
    // @ts-expect-error: a value is not backed by bytes
    offsetOf<typeof QuoteHeader>(value, 'version');
  });

  test('of strict reading have no bytes for unknown tags', () => {
    const { signatureData } = view(QuoteV4, input, { strict: true });
    expectTypeOf(signatureData.quoteSignature).toEqualTypeOf<Uint8Array>();
    expectTypeOf(viewPrefix(QuoteHeader, input)[0].teeType).toEqualTypeOf<number>();
  });

  test('for writing take assignments of the right type', () => {
    const it: Edit<typeof TdReportBody10> = edit(TdReportBody10, input);
    it.xfam = 3n;
    it.mrtd = new Uint8Array(48);
    // @ts-expect-error: eight bytes are a bigint
    it.xfam = 3;
    // @ts-expect-error: bytes are no text
    it.mrtd = 'ff';
  });
});

describe('encode takes', () => {
  test('a value without lengths, reserved and trailing bytes', () => {
    const { header, body, signatureData } = decode(QuoteV4, input);
    const { reserved: _, ...bare } = header;
    assertType<Encodable<typeof QuoteV4>>({ header: bare, body, signatureData });
    assertType<Encodable<typeof QuoteV4>>({ header, body, signatureData, signatureDataLen: 5, trailing: input });
    assertType<Encodable<typeof QeAuthenticationData>>({ data: input });
    assertType<Encodable<typeof CertificationData>>({ certificationDataType: 5, certificationData: input });
    expectTypeOf(encode(QuoteV4, { header, body, signatureData })).toEqualTypeOf<Owned>();
  });

  test('nested structs as views and as ready bytes', () => {
    const quote = view(QuoteV4, input);
    assertType<Encodable<typeof QuoteV4>>(quote);
    assertType<Encodable<typeof QuoteV4>>({ header: quote.header, body: input, signatureData: quote.signatureData });
  });

  test('nothing else', () => {
    const value = decode(QuoteV4, input);
    const { header, body, signatureData } = value;
    // @ts-expect-error: the body is missing
    assertType<Encodable<typeof QuoteV4>>({ header, signatureData });
    // @ts-expect-error: a version is a number
    assertType<Encodable<typeof QuoteV4>>({ header: { ...header, version: '4' }, body, signatureData });
    // @ts-expect-error: an unknown field
    assertType<Encodable<typeof QeAuthenticationData>>({ data: input, colour: 1 });
    // @ts-expect-error: a view of another struct
    assertType<Encodable<typeof TdReportBody10>>(view(SgxReportBody, input));
  });
});

describe('paths', () => {
  test('lead to every field of every variant, and to items', () => {
    assertType<PathOf<typeof QuoteV4>>('body.rtmr[2]');
    assertType<PathOf<typeof QuoteV4>>('body.mrenclave');
    assertType<PathOf<typeof QuoteV4>>('signatureData.qeCertificationData.certificationData.qeReport.isvsvn');
    assertType<PathOf<typeof QuoteV4>>('trailing');
    // @ts-expect-error: no such field
    assertType<PathOf<typeof QuoteV4>>('body.nope');
    // @ts-expect-error: bytes have no items
    assertType<PathOf<typeof QuoteV4>>('body.mrtd[0]');
    // @ts-expect-error: the name of the layout is not part of a path
    assertType<PathOf<typeof QuoteV4>>('QuoteV4.body');
  });

  test('of views and lenses are checked', () => {
    const quote = view(QuoteV4, input);
    expectTypeOf(span(quote, 'header', 'body')).toEqualTypeOf<Uint8Array>();
    expectTypeOf(equals(quote, 'body.mrtd', input)).toEqualTypeOf<boolean>();
    expectTypeOf(lens(QuoteV4, 'body.rtmr[0]').length).toEqualTypeOf<number>();
    // @ts-expect-error: no such field
    offsetOf(quote, 'body.mrtD');
    // @ts-expect-error: no such field
    lens(QuoteV4, 'body.rtmr[0].x');
  });
});

describe('JSON', () => {
  test('has text for bytes and eight-byte numbers, raw and flags for named bits', () => {
    const json = toJson(TdReportBody10, decode(TdReportBody10, input));
    expectTypeOf(json.mrtd).toEqualTypeOf<string>();
    expectTypeOf(json.rtmr).toExtend<string[]>();
    expectTypeOf(json.xfam.raw).toEqualTypeOf<string>();
    expectTypeOf(json.tdattributes.flags[0]).toExtend<string | undefined>();
    expectTypeOf<JsonOf<typeof QuoteHeader>['version']>().toEqualTypeOf<number>();
  });
});

test('no type of the public surface is any', () => {
  expectTypeOf<Infer<typeof QuoteV4>>().not.toBeAny();
  expectTypeOf<Infer<typeof QuoteV4>['body']>().not.toBeAny();
  expectTypeOf<Infer<typeof QuoteV4>['signatureData']>().not.toBeAny();
  expectTypeOf<View<typeof QuoteV4>['signatureData']>().not.toBeAny();
  expectTypeOf<PathOf<typeof QuoteV4>>().not.toBeAny();
});
