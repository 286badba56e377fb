import { expect, test } from 'vitest';
import { DeviceError, simulated } from '../../src/device/index.ts';

test('a simulated TD gets its quote in a browser', async () => {
  expect(await simulated({ notifies: true }).quote(new Uint8Array(64))).toHaveLength(4592);
});

test('a VMM that never answers ends at the deadline in a browser', async () => {
  const quote = simulated({ faults: ['in-flight-forever'] }).quote(new Uint8Array(64), { timeout: 50 });
  await expect(quote).rejects.toBeInstanceOf(DeviceError);
});
