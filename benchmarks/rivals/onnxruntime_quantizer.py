"""What ONNX Runtime's own quantizer makes of a network, to be measured by `benchmarks/compression` beside ours.

    pip install onnxruntime onnx sympy
    python onnxruntime_quantizer.py ../shared/models/resnet20-cifar10.onnx ../shared/data/cifar10/data_batch_1.bin 256 OUT

Static int8 (QDQ: uint8 activations, int8 weights), after the tool's own preparation, calibrated on the first images of a CIFAR-10 file;
one file for each way to choose the scales: OUT/per-channel-minmax.onnx and so on.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

model, images, count, out = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
out.mkdir(parents=True, exist_ok=True)

normal = json.loads(model.with_suffix(".json").read_text())
records = np.fromfile(images, np.uint8, count * 3073).reshape(count, 3073)[:, 1:].reshape(count, 3, 32, 32)
mean, std = (np.array(normal[key], np.float32).reshape(1, 3, 1, 1) for key in ("mean", "std"))
samples = (records.astype(np.float32) / 255 - mean) / std
name = onnx.load(model).graph.input[0].name


class Samples(CalibrationDataReader):
    """One image at a time."""

    def __init__(self):
        self.rest = iter(samples)

    def get_next(self):
        image = next(self.rest, None)
        return None if image is None else {name: image[None]}


prepared = out / "prepared.onnx"
quant_pre_process(str(model), str(prepared))
for per_channel in (False, True):
    for method in (CalibrationMethod.MinMax, CalibrationMethod.Percentile, CalibrationMethod.Entropy):
        quantize_static(
            str(prepared),
            str(out / f"per-{'channel' if per_channel else 'tensor'}-{method.name.lower()}.onnx"),
            Samples(),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=per_channel,
            calibrate_method=method,
        )
prepared.unlink()
