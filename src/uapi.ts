export { answerData, requestData } from './evidence/quote-buffer.ts';
export {
  type BrokenRule,
  brokenGetQuoteRules,
  brokenSetupEventNotifyInterruptRules,
  type Gpaw,
  sharedBit,
} from './evidence/tdvmcall-rules.ts';
export { _IO, _IOR, _IOW, _IOWR } from './layout/ioctl.ts';
export * from './uapi/index.ts';
