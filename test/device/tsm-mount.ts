// The stand-in for a configfs-tsm report directory, mounted for one test file.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compiled, lacksGcc } from './compiled.ts';

export interface Mounted {
  readonly path: string;
  /** Gives an order: see fuse-tsm.c. */
  order(line: string): void;
  unmount(): Promise<void>;
}

/** Why FUSE cannot be had, as far as one can see before trying. */
function lacks(): string | undefined {
  if (lacksGcc !== undefined) return lacksGcc;
  if (spawnSync('pkg-config', ['--exists', 'fuse3']).status !== 0) return 'there is no libfuse3-dev (pkg-config fuse3)';
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
  } catch (error) {
    return `/dev/fuse is not ours to use: ${String(error)}`;
  }
  return undefined;
}

async function ended(child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) await pause(5);
}

/** Mounts it in the folder; or says why not. */
export async function mountTsm(folder: string, answers: string): Promise<Mounted | string> {
  const reason = lacks();
  if (reason !== undefined) return reason;
  const fuse = (what: string): string[] =>
    spawnSync('pkg-config', [what, 'fuse3'], { encoding: 'utf8' }).stdout.trim().split(/\s+/);
  const program = compiled('fuse-tsm', folder, [...fuse('--cflags'), ...fuse('--libs')]);
  const path = join(folder, 'report');
  mkdirSync(path);
  const child = spawn(program, [answers, path], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  while (!existsSync(join(path, 'control'))) {
    if (child.exitCode !== null) return `nothing can be mounted: ${complaint.trim()}`;
    await pause(5);
  }
  const order = (line: string): void => writeFileSync(join(path, 'control'), line);
  return {
    path,
    order,
    async unmount() {
      order('clear');
      // Its own handler of the signal unmounts.
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}
