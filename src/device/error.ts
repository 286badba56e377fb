/** What went wrong between a caller and the quoting service, in one word. Codes are never renamed; new ones may be added. */
export type DeviceErrorCode =
  /** Attestation is not available: there is no device, no directory, no socket, no access to it, or no library for it. */
  | 'unavailable'
  /** The VMM is there, but it has no quoting service or cannot reach it. Later it may. */
  | 'service-unavailable'
  /** The VMM does not know the call, or the kernel not the command. It never will. */
  | 'unsupported'
  /** The call was refused for what it says: an operand, an alignment, a size, a TDREPORT that is not of this machine. */
  | 'refused'
  /** An earlier request is still under way, or the VMM has too many. */
  | 'busy'
  /** The service has tried, and failed. */
  | 'failed'
  /** Other writers kept changing the entry under the reader. */
  | 'raced'
  /** No answer within the time given. */
  | 'timeout'
  /** The caller's signal has fired; `cause` is its reason. */
  | 'aborted'
  /** The peer has closed the connection before it had answered. */
  | 'closed'
  /** There is an answer, but nothing in it. */
  | 'empty'
  /** The answer is longer than the buffer that holds it, or than anybody would take. */
  | 'oversize'
  /** The answer is not of the form that it has to have. */
  | 'malformed'
  /** The answer is a quote, but not one of this request, or its signature is not that of its key. */
  | 'mismatch';

/** Where a request went. */
export interface Where {
  /** Name of the transport: `tsm`, `qgs`, `ioctl`, `simulated`. */
  readonly transport: string;
  /** The device, the directory, the socket or the address. */
  readonly path?: string | undefined;
}

/** What is known about a failure besides its code. */
export interface Circumstances extends Where {
  /** What the system said: `ENOENT`, `EACCES`. */
  readonly errno?: string | undefined;
  /** What the VMM put into R10 or into `status`, or the error code of a QGS reply. */
  readonly status?: bigint | undefined;
  /** The error behind this one. */
  readonly cause?: unknown;
}

/**
 * The one error of transports. `message` is one line, for a person:
 *
 *     attestation is not available: tsm /sys/kernel/config/tsm/report: no such directory (ENOENT)
 *     qgs /var/run/tdx-qgs/qgs.socket: no answer within 30000 ms
 */
export class DeviceError extends Error {
  /** What is wrong, in one word. */
  readonly code: DeviceErrorCode;
  /** Name of the transport. */
  readonly transport: string;
  /** The device, the directory, the socket or the address, where there is one. */
  readonly path: string | undefined;
  /** What the system said, where it said something. */
  readonly errno: string | undefined;
  /** What the VMM put into R10 or into `status`, or the error code of a QGS reply. */
  readonly status: bigint | undefined;

  constructor(code: DeviceErrorCode, { transport, path, errno, status, cause }: Circumstances, says: string) {
    const where = path === undefined ? transport : `${transport} ${path}`;
    const what = `${where}: ${says}${errno === undefined ? '' : ` (${errno})`}`;
    super(
      code === 'unavailable' ? `attestation is not available: ${what}` : what,
      cause === undefined ? {} : { cause },
    );
    this.name = 'DeviceError';
    this.code = code;
    this.transport = transport;
    this.path = path;
    this.errno = errno;
    this.status = status;
  }
}
