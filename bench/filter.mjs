// Packed quotes of which some have a wanted MRTD and, of those, some a wanted report data: the file, and the filters over it.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { hex } from './peers/reading.mjs';

const sha = (algorithm, text) => new Uint8Array(createHash(algorithm).update(text).digest());

export const wantedMrtd = sha('sha384', 'image 3');
export const wantedReportdata = sha('sha512', 'wanted');

/** Sixteen images in random order, so that one quote in sixteen is wanted; of those, one in four for its report data too. */
export function pack(file, quote, count) {
  const images = Array.from({ length: 16 }, (_, i) => sha('sha384', `image ${i}`));
  const stride = quote.length;
  const chunk = new Uint8Array(stride * 1000);
  for (let i = 0; i < 1000; i++) chunk.set(quote, i * stride);
  const fd = openSync(file, 'w');
  let state = 2463534242;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  let expected = 0;
  for (let done = 0; done < count; done += 1000) {
    for (let i = 0; i < 1000; i++) {
      const base = i * stride;
      const image = random() & 15;
      chunk.set(images[image], base + 184);
      if (random() % 4 === 0) {
        chunk.set(wantedReportdata, base + 568);
        if (image === 3) expected++;
      } else {
        for (let at = base + 568; at < base + 632; at++) chunk[at] = random();
      }
    }
    writeSync(fd, chunk);
  }
  closeSync(fd);
  return expected;
}

export function load(file, size) {
  const bytes = new Uint8Array(size);
  const fd = openSync(file, 'r');
  for (let at = 0; at < size; ) at += readSync(fd, bytes, at, Math.min(size - at, 1 << 26), null);
  closeSync(fd);
  return bytes;
}

/** What people write first. */
export function naive(dataView, stride, count, wantedMrtd, wantedReportdata) {
  const bytes = new Uint8Array(dataView.buffer, dataView.byteOffset, dataView.byteLength);
  const mrtd = hex(wantedMrtd);
  const reportdata = hex(wantedReportdata);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const quote = bytes.subarray(i * stride, (i + 1) * stride);
    if (hex(quote.subarray(184, 232)) === mrtd && hex(quote.subarray(568, 632)) === reportdata) found++;
  }
  return found;
}

/** Reading 128 MiB of something else pushes the quotes out of every cache. */
const other = new Uint32Array(1 << 25);
other.fill(1);
export function evict() {
  let sum = 0;
  for (let i = 0; i < other.length; i += 16) sum ^= other[i];
  return sum;
}
