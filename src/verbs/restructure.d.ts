/** The part of restructure 3.0.2 that codec.ts uses; the package ships no types. */
declare module 'restructure' {
  export interface StreamType {
    decode(stream: DecodeStream, parent?: unknown): unknown;
    encode(stream: EncodeStream, value: unknown, parent?: unknown): void;
  }
  export class DecodeStream {
    constructor(buffer: Uint8Array);
    buffer: Uint8Array;
    pos: number;
    readBuffer(length: number): Uint8Array<ArrayBuffer>;
    readUInt32LE(): number;
  }
  export class EncodeStream {
    constructor(buffer: Uint8Array);
    buffer: Uint8Array;
    pos: number;
    writeBuffer(buffer: Uint8Array): void;
    writeUInt32LE(value: number): void;
  }
  export class Struct implements StreamType {
    constructor(fields: Record<string, StreamType>);
    decode(stream: DecodeStream, parent?: unknown): object;
    encode(stream: EncodeStream, value: unknown, parent?: unknown): void;
  }
  class BufferType implements StreamType {
    constructor(length: number);
    decode(stream: DecodeStream, parent?: unknown): unknown;
    encode(stream: EncodeStream, value: unknown, parent?: unknown): void;
  }
  class ArrayType implements StreamType {
    constructor(type: StreamType, length: number);
    decode(stream: DecodeStream, parent?: unknown): unknown;
    encode(stream: EncodeStream, value: unknown, parent?: unknown): void;
  }

  export { ArrayType as Array, BufferType as Buffer };
  export const uint8: StreamType;
  export const uint16le: StreamType;
  export const uint32le: StreamType;
  export const uint32be: StreamType;
}
