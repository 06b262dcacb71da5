import type { RunRecord } from '../report/run-record.js';
import { cellsAtOnce } from './cells-at-once.js';
import { finishCell, finishedRecord, folderOf } from './finish-cell.js';
import { cellsOf, nameOf, type Study } from './study.js';
import type { FinishedCell, OpenProblem, StudySetting } from './study-setting.js';

/**
 * Runs every cell of a study that is not finished, and returns all. A finished cell is known by its `run.json` and not run
 * again; one that was interrupted goes on from its journal, with workers or without. After an abort the cells finished by then
 * are returned.
 *
 * Throws an InputError where a cell in the folder was run with other options or of another declaration.
 */
export async function runStudy(study: Study, setting: StudySetting): Promise<FinishedCell[]> {
  const all = study.problems.length * study.seeds.length * Object.keys(study.configurations).length;
  const kept = setting.workers ? await cellsAtOnce(study, setting, setting.workers) : new Map();
  let done = kept.size;
  const finished: FinishedCell[] = [];
  for (const described of study.problems) {
    const cells = cellsOf(study, nameOf(described));
    for (const seed of study.seeds) {
      let opened: OpenProblem | undefined;
      try {
        for (const cell of cells.filter((one) => one.seed === seed)) {
          const folder = folderOf(setting.folder, cell);
          let record: RunRecord | null = kept.get(folder) ?? null;
          if (record === null) {
            if (setting.signal?.aborted) continue;
            opened ??= await setting.open(described, seed);
            setting.onCell?.(cell, done, all);
            record =
              (await finishedRecord(cell, folder, opened.problem)) ??
              (await finishCell(cell, folder, opened, setting));
            done++;
          }
          if (record) finished.push({ ...cell, folder, record });
        }
      } finally {
        await opened?.close();
      }
    }
  }
  return finished;
}
