export { attest } from './attest.ts';
export { checkQuote } from './check-quote.ts';
export { type Circumstances, DeviceError, type DeviceErrorCode, type Where } from './error.ts';
export {
  DEFAULT_BUFFER,
  LINUX_6_BUFFER,
  LINUX_7_BUFFER,
  type SharedBuffer,
  type Submitter,
} from './shared-buffer.ts';
export { DEFAULT_TIMEOUT, type Quoter, type ReportSource, type Transport, type Waiting } from './transport.ts';
export { sleep, within } from './within.ts';
