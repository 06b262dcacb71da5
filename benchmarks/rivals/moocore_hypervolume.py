"""The C code behind moocore's hypervolume, timed on request, for `benchmarks/hypervolume` to call between blocks of ours.

    pip install moocore numpy

A line on the standard input names a file of doubles, the number of objectives, of points in a set, of sets in the file and of rounds
over them, and the reference point's one coordinate. The answer is the CPU time of a call in seconds, and the first set's hypervolume.
"""

import sys
import time

import moocore._libmoocore as moocore
import numpy as np

volume_of = moocore.lib.fpli_hv


def doubles(array):
    return moocore.ffi.cast("double *", array.ctypes.data)


for line in sys.stdin:
    path, *numbers, side = line.split()
    objectives, points, count, rounds = map(int, numbers)
    rows = np.fromfile(path).reshape(count, points, objectives)
    reference = np.full(objectives, float(side))
    sets = [doubles(s) for s in rows]
    at = doubles(reference)
    value = volume_of(sets[0], points, objectives, at)
    started = time.process_time()
    for _ in range(rounds):
        for s in sets:
            volume_of(s, points, objectives, at)
    print((time.process_time() - started) / (rounds * count), value, flush=True)
