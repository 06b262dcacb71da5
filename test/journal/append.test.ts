import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/index.js';
import { appender, type WritableFile } from '../../src/journal/append.js';

/** A file in memory on a disk of so many bytes that writes at most `piece` bytes at once. */
function diskOf(space: number, piece = 7) {
  const disk = { content: '', flushed: '', files: null as unknown as WritableFile };
  disk.files = {
    async write(bytes, offset, length, position) {
      expect(position).toBe(disk.content.length);
      const fits = Math.min(piece, length, space - disk.content.length);
      if (fits === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      disk.content += Buffer.from(bytes.subarray(offset, offset + fits)).toString();
      return { bytesWritten: fits };
    },
    async truncate(length) {
      disk.content = disk.content.slice(0, length);
    },
    async datasync() {
      disk.flushed = disk.content;
    },
  };
  return disk;
}

describe('appending to a journal', () => {
  it('keeps lines whole and in order however many are asked for at once, in whatever pieces they are written', async () => {
    for (const piece of [1, 7, 100]) {
      const disk = diskOf(1000, piece);
      const { append } = appender(disk.files, 0, 'j');
      const lines = ['first\n', 'the second\n', '3\n'];
      await Promise.all(lines.map(append));
      expect(disk.content).toBe(lines.join(''));
    }
  });

  it('keeps its promise only once the line is on disk', async () => {
    const disk = diskOf(1000);
    const { append } = appender(disk.files, 0, 'j');
    const line = append('a line\n');
    expect(disk.flushed).toBe('');
    await line;
    expect(disk.flushed).toBe('a line\n');
  });

  it('cuts back to the last whole line when the disk is full, and says so from then on', async () => {
    for (let space = 6; space < 12; space++) {
      const disk = diskOf(space);
      const { append } = appender(disk.files, 0, 'the file');
      await append('whole\n');
      const results = await Promise.allSettled([append('second\n'), append('x\n')]);
      for (const result of results) {
        const { reason } = result as PromiseRejectedResult;
        expect(reason).toBeInstanceOf(RunError);
        expect(reason.message).toMatch(/^the journal could not be written: ENOSPC.* \(the file holds every/);
      }
      expect(disk.content).toBe('whole\n');
    }
  });
});
