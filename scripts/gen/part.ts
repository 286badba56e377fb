type Files = ReadonlyMap<string, string | Uint8Array>;

/** One kind of generated file. `scripts/gen.ts` runs the parts; each of them only says what the files should hold. */
export interface Part {
  readonly name: string;
  /** Folders that hold nothing but this part's files (a file in them that the part does not make is stale), and single files. */
  readonly owns: readonly string[];
  /** Path from the project's root to content. */
  files(): Files | Promise<Files>;
}
