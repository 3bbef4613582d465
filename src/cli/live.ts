/** The live view as the command uses it. */
import type { RunResults } from '../experiment/results.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { GRACE_MS, LiveView } from '../live/live-view.js';
import type { EndMessage } from '../report/page/client/live-messages.js';
import type { Interruption } from './interruption.js';
import type { Progress } from './progress.js';

const ALONE = `no page has been open for ${GRACE_MS / 1000} s: the run goes on`;

/** Opens it and says where it is, on standard error in every case. @throws PortError */
export async function openLive(
  { name, description }: ResolvedExperiment,
  threads: number,
  interruption: Interruption,
  progress: Progress,
): Promise<LiveView> {
  const live = await LiveView.open({
    run: { name, description, threads },
    signal: interruption.signal,
    onStop: () => interruption.request(),
    onPause: (paused, cause) => {
      progress.pause(paused, cause === 'page');
      if (cause === 'no page') progress.note(ALONE);
    },
  });
  process.stderr.write(`live view: ${live.address}\n`);
  return live;
}

/** What the page says at the end. */
export function endOf(
  { complete, digest, failure }: RunResults,
  directory: string,
  files: readonly string[],
): EndMessage {
  if (files.length === 0) return { outcome: 'nothing', text: 'nothing was simulated' };
  if (failure !== undefined) {
    return { outcome: 'failed', text: `${failure}. What was recorded before is in ${directory}.` };
  }
  return {
    outcome: complete ? 'complete' : 'incomplete',
    text: directory,
    ...(digest === undefined ? {} : { digest }),
  };
}
