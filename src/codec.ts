export { codec, decode, decodePrefix, encode, encodeInto, type RestructureType } from './verbs/codec.ts';
