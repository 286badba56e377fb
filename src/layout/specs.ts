/** A document that the layouts follow. */
export interface Document {
  /** Its title, as its publisher prints it. */
  readonly title: string;
  /** The publisher's number or the path of the source file. */
  readonly number: string;
}

/** The place in a document that a declaration restates. */
export interface Source {
  /** Which document. */
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
/** The user-space header of Linux's TDX guest driver. */
export const linuxTdxGuest = /* @__PURE__ */ document('Linux kernel', 'include/uapi/linux/tdx-guest.h');
/** The patch series that proposed GetQuote as an ioctl. */
export const linuxQuoteSeries = /* @__PURE__ */ document(
  'Linux patch series "TDX Guest Quote generation support"',
  'v2',
);
/** Kernels that Intel, Anolis and Microsoft ship with headers of their own. */
export const linuxForks = /* @__PURE__ */ document('Out-of-tree Linux kernels', 'include/uapi/linux/tdx-guest.h');
/** The guest library of DCAP. */
export const tdxAttest = /* @__PURE__ */ document(
  'Intel DCAP libtdx_attest',
  'QuoteGeneration/quote_wrapper/tdx_attest',
);
/** Guest-Hypervisor Communication Interface for TDX. */
export const ghci = /* @__PURE__ */ document('Guest-Hypervisor Communication Interface for Intel TDX', '726790');
/** Headers of Intel's DCAP: where the C types of QGS messages and of libtdx_attest stand. */
export const dcapHeaders = /* @__PURE__ */ document('Intel DCAP', 'QuoteGeneration');
