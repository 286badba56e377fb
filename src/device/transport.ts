/*
 * How a transport is written.
 *
 * A transport that takes report data and gives the quote (as configfs-tsm does) is a Transport by itself; it ends with
 * `checkQuote`. One that takes a TDREPORT (a socket to the QGS, TDX_CMD_GET_QUOTE, the shared buffer) is a Quoter, and
 * `attest(source, quoter)` makes a Transport of it and of whatever gives TDREPORTs.
 *
 * Each method runs inside `within(where, options, work)`: that sets the deadline, heeds the caller's signal, and hands
 * `work` a signal that fires with the DeviceError that has already been thrown to the caller. So `work` need only stop
 * and clean up. Nothing but DeviceError is thrown, save TypeError for arguments of the wrong kind. What can be missing
 * (device, directory, socket, optional package) is `unavailable`, with path and errno.
 *
 * Bytes that somebody else can still write are copied once and then only the copy is read.
 */

/** How long to wait. Every wait ends: without a timeout, after {@link DEFAULT_TIMEOUT}. */
export interface Waiting {
  /** Milliseconds from the call to its end, whatever it has to wait for. */
  readonly timeout?: number | undefined;
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds to wait unless told: as long as the QGS, QEMU and Linux do. */
export const DEFAULT_TIMEOUT = 30_000;

/** Whatever gives TDREPORTs of the TD that it runs in. */
export interface ReportSource {
  /** `ioctl`, `simulated`. */
  readonly name: string;
  /** The TDREPORT, 1024 bytes, over 64 bytes of report data. */
  report(reportdata: Uint8Array, options?: Waiting): Promise<Uint8Array<ArrayBuffer>>;
}

/** Whatever makes quotes of TDREPORTs. */
export interface Quoter {
  /** `qgs`, `ioctl`, `simulated`. */
  readonly name: string;
  /** Who is asked: a device, a socket, an address. */
  readonly provider: string;
  /** The quote of a TDREPORT, a copy of the caller's own, perhaps padded. Nothing in it has been checked. */
  quote(tdreport: Uint8Array, options?: Waiting): Promise<Uint8Array<ArrayBuffer>>;
}

/** The whole way from report data to a quote. */
export interface Transport {
  /** `simulated`, `tsm`, `qgs`, `ioctl`. */
  readonly name: string;
  /** Who is asked: a device, a directory, a socket, an address. */
  readonly provider: string;
  /** A quote that carries these 64 bytes of report data. Parsed and compared, not appraised: a verifier has to do that. */
  quote(reportdata: Uint8Array, options?: Waiting): Promise<Uint8Array<ArrayBuffer>>;
}
