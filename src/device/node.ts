export type { Generation } from './node/generations.ts';
export { GuestDevice, type IoctlOptions, ioctl } from './node/ioctl.ts';
export {
  QGS_FAULTS,
  type QgsFault,
  type QgsServer,
  type ServerOptions,
  serveQgs,
} from './node/qgs-server.ts';
export { type Address, addressText, QGS_PORT, QGS_SOCKET, qgsAt } from './node/sockets.ts';
export { type TsmOptions, tsm } from './node/tsm.ts';
