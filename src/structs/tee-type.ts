/** TEE types: what a report or a quote is of. Open: other numbers decode as themselves. */
export const TeeType = {
  SGX: 0x00,
  TDX: 0x81,
} as const;
