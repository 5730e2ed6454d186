/** Mode gate on the certificates of several builds, which are judged each by itself. */
import { isRehearsal } from '../certificate/identity.ts';
import type { RunRequest } from '../model/run-request.ts';
import { groupBuilds, judgeArchive } from '../policy/rules/archive.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { archiveFiles, archiveTable, buildsOf } from '../report/archive-page.ts';
import type { FolderIo, FolderLearnt } from './folder-frame.ts';
import { commonExpectation, judgedUnder } from './judge.ts';
import { readArchive } from './read-archive.ts';

export async function archive(
  request: Pick<RunRequest, 'gate' | 'server' | 'appId' | 'buildId' | 'fusionSetId'>,
  plan: PolicyPlan,
  io: FolderIo,
): Promise<FolderLearnt> {
  const { gate } = request;
  const { clock, signal } = io.deps;
  const began = clock.monotonic();
  const told = (done: number) => {
    const detail = `${done} of ${gate.certificates.length} certificates`;
    io.progress({ stage: 'gate', kind: 'poll', elapsedMs: clock.monotonic() - began, detail });
  };
  const builds = groupBuilds(await readArchive(gate.certificates, { signal, told, trace: io.stages.trace }));
  const judged = judgeArchive(plan, builds, { ...commonExpectation(request, {}, clock.now()), mode: 'gate' });
  return {
    ...judgedUnder(gate, judged.verdict),
    builds: buildsOf(judged),
    rehearsal: builds.some(({ evidence }) => isRehearsal(evidence)),
    async writeMore(folder) {
      for (const [file, text] of Object.entries(archiveFiles(judged, gate))) await folder.write(file, text);
    },
    tell(host) {
      for (const line of archiveTable(judged, gate)) host.log('info', line);
    },
  };
}
