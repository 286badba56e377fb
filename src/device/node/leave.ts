/**
 * Ends the process although the kernel still has a call of it: Node's own ways to exit wait for that. Nothing that was to
 * happen at the end does.
 */
export async function leave(exitCode: number): Promise<void> {
  try {
    const { default: koffi } = await import('koffi');
    koffi.load(null).func('_exit', 'void', ['int'])(exitCode);
  } catch {
    // Without koffi there is no exit code, but an end.
    process.kill(process.pid, 'SIGKILL');
  }
}
