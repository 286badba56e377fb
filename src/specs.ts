/** A document that the layouts follow. */
export interface Document {
  /** Its title, as its publisher prints it. */
  readonly title: string;
  /** The publisher's number or the path of the source file. */
  readonly number: string;
}

/** The place in a document that a declaration restates. */
export interface Source {
  readonly document: Document;
  /** The table, section or C type. */
  readonly section: string;
}

const document = (title: string, number: string) => {
  const it: Document = { title, number };
  return (section: string): Source => ({ document: it, section });
};

/** Intel TDX Module ABI specification. */
export const tdxModuleAbi = /* @__PURE__ */ document('Intel TDX Module ABI Specification', '348551');
/** Intel TDX DCAP Quote Generation Library and Quote Verification Library, appendix A.3: quotes of version 4 and 5. */
export const tdxDcap = /* @__PURE__ */ document('Intel TDX DCAP Quoting Library API', 'appendix A.3');
/** Intel SGX ECDSA QuoteLib reference, appendix A.4: quotes of version 3. */
export const sgxEcdsa = /* @__PURE__ */ document('Intel SGX ECDSA QuoteLib Reference', 'appendix A.4');
/** Intel SGX SDK and the SDM chapters it follows. */
export const sgxSdk = /* @__PURE__ */ document('Intel SGX SDK', 'common/inc');
