import { LayoutError } from '../../src/view.ts';

/** What an act fails with; anything but a LayoutError is passed on. */
export function faultOf(act: () => unknown): LayoutError {
  try {
    act();
  } catch (error) {
    if (error instanceof LayoutError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
