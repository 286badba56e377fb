import { existsSync, readdirSync } from 'node:fs';

const folder = '/proc/self/fd';

/** How many files and sockets this process has open; 0 where nobody can tell. */
export const openFiles = (): number => (existsSync(folder) ? readdirSync(folder).length : 0);
