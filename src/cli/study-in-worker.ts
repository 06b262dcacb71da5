import { dirname } from 'node:path';
import { readDescription } from '../study/read-study.js';
import { checkStudy } from '../study/study.js';
import type { StudyInWorker } from '../study/study-setting.js';
import { openProblem } from './study-problems.js';

/** What a process that runs cells of `fronteira study FILE --workers` loads: the study of the file. */
export default async function studyInWorker({
  file,
  count,
}: {
  readonly file: string;
  readonly count: number;
}): Promise<StudyInWorker> {
  const { name, value } = await readDescription(file);
  return {
    study: checkStudy(value, name),
    open: (problem, seed) => openProblem(problem, dirname(file), seed, { count, evaluations: 'here' }),
  };
}
