import { dcapHeaders } from '../layout/specs.ts';
import { at, bytes, type Infer, rest, sized, struct, u32, u64 } from '../layout/vocabulary.ts';

/**
 * tdx_rtmr_event_t: what a TD gives to tdx_att_extend to extend a run-time measurement register.
 *
 * @see [Byte map of TdxRtmrEvent](../../docs/structs/tdx-rtmr-event.md)
 */
export const TdxRtmrEvent = struct('TdxRtmrEvent', {
  source: dcapHeaders('tdx_attest.h: tdx_rtmr_event_t'),
  where: { version: 1 },
}, {
  /** Version of this structure: 1. */
  version:       at( 0, u32,                          'version'),
  /** Register to extend: 2 or 3, the others belong to the firmware. */
  rtmrIndex:     at( 4, u64,                          'rtmr_index'),
  /** SHA-384 digest to extend it by. */
  extendData:    at(12, bytes(48),                    'extend_data'),
  /** Type of the event. */
  eventType:     at(60, u32,                          'event_type'),
  /** Length of the event data, in bytes. */
  eventDataSize: at(64, u32,                          'event_data_size'),
  /** The event itself. */
  eventData:     at(68, sized('eventDataSize', rest), 'event_data'),
});
/** The value {@link TdxRtmrEvent} decodes to. */
export interface TdxRtmrEvent extends Infer<typeof TdxRtmrEvent> {}
