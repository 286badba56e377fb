/** The SHA-384 of some bytes. WebCrypto takes no shared memory, so it gets a copy. */
export async function sha384(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-384', new Uint8Array(bytes)));
}
