// Which peers there are. Each is imported only in a process of its own.
const peers = {
  kaitai: () => import('./kaitai.mjs'),
  'binary-parser': () => import('./binary-parser.mjs'),
  'micro-packed': () => import('./micro-packed.mjs'),
  'dcap-qvl': () => import('./dcap-qvl.mjs'),
  restructure: () => import('./restructure.mjs'),
  'typed-binary': () => import('./typed-binary.mjs'),
  'typed-struct': () => import('./typed-struct.mjs'),
  'hand-u8': () => import('./hand-u8.mjs'),
  'hand-dataview': () => import('./hand-dataview.mjs'),
  'hand-object': () => import('./hand-object.mjs'),
  ours: () => import('../ours.mjs'),
};

const names = Object.keys(peers);
export const hand = names.filter((who) => who.startsWith('hand-'));
export const npm = names.filter((who) => who !== 'ours' && !hand.includes(who));

/** @returns {Promise<import('./reading.mjs').Peer>} */
export function peer(who) {
  return peers[who]();
}
