import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attribute,
  buildModel,
  float,
  floats,
  graph,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { dataOf } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { InputError } from '../../../src/index.js';

/** A length-delimited protobuf field, written by hand. */
const field = (number: number, content: readonly number[]) => [number * 8 + 2, content.length, ...content];
const text = (value: string) => [...Buffer.from(value)];

/** ModelProto { ir_version 8, graph { node { op_type "Relu" } }, opset_import { version 17 } }, byte by byte. */
const RELU = [8, 8, ...field(7, field(1, field(4, text('Relu')))), ...field(8, [2 * 8, 17])];

const bytesOf = (values: readonly number[]) => Uint8Array.from(values);

function sample(): Model {
  const branch = graph({
    inputs: [],
    outputs: [valueInfo('then', 'float32')],
    nodes: [node('Identity', ['w'], ['then'])],
  });
  return buildModel({
    opset: { '': 17, 'com.microsoft': 1 },
    inputs: [valueInfo('x', 'float32', ['batch', 2, null])],
    outputs: [valueInfo('y', 'float32', [])],
    initializers: [
      tensor('w', 'float32', [2, 3], Float32Array.of(1, -2, 3.5, 0, -0, 1e-40)),
      tensor('h', 'float16', [2], Uint16Array.of(0x3c00, 0xbc00)),
      tensor('i', 'int64', [2], BigInt64Array.of(-1n, 2n ** 62n)),
      tensor('e', 'uint8', [0], new Uint8Array(0)),
    ],
    nodes: [
      node(
        'Everything',
        ['x', '', 'w'],
        ['y'],
        {
          int: -3,
          big: 2n ** 63n - 1n,
          float: float(0.5),
          string: 'SAME_UPPER',
          ints: [1, -1, 300],
          floats: floats([1.5, -0.25]),
          strings: ['a', 'é'],
          tensor: tensor('', 'int8', [1], Int8Array.of(-5)),
          graph: branch,
        },
        { name: 'all', domain: 'com.microsoft' },
      ),
    ],
  });
}

/** The same model without the memory of the bytes that it came from: every field is written anew. */
const forgotten = (model: Model) => structuredClone(model);

describe('the codec of ONNX files', () => {
  test('reads a model written byte by byte and writes those bytes', () => {
    const model = readModel(bytesOf(RELU), 'relu.onnx');
    expect(model.irVersion).toBe(8);
    expect(model.opsets).toMatchObject([{ domain: '', version: 17 }]);
    expect(model.graph.nodes).toMatchObject([{ opType: 'Relu', inputs: [], attributes: [] }]);
    expect([...writeModel(model)]).toEqual(RELU);
    expect([...writeModel(forgotten(model))]).toEqual(RELU);
  });

  test('returns every kind of attribute, tensor and shape as it was built', () => {
    const model = sample();
    expect(readModel(writeModel(model), 'sample')).toEqual(model);
  });

  test('writes fields in another order, wide numbers and unknown fields back as they were', () => {
    const odd = [
      ...field(8, [2 * 8, 17 | 128, 0]), // version 17 in two bytes
      ...field(7, [...field(2, text('g')), ...field(1, field(4, text('Relu'))), ...field(2, text('h'))]),
      ...[99 * 8 - 768 + 128, 6, 5], // field 99, a varint
      ...[8, 8],
    ];
    const model = readModel(bytesOf(odd), 'odd');
    expect([...writeModel(model)]).toEqual(odd);
    expect([...model.rest]).toEqual([99 * 8 - 768 + 128, 6, 5]);
    const edited = { ...model, irVersion: 9 };
    const again = readModel(writeModel(edited), 'edited');
    expect(again.irVersion).toBe(9);
    expect([...again.rest]).toEqual([...model.rest]);
    expect(again.graph.name).toBe('h');
  });

  test('keeps the unknown fields of a message whose other fields are edited', () => {
    // Field 30 has a tag of two bytes.
    const unknown = [(30 * 8 + 2 - 128) | 128, 1, 3, 1, 2, 3];
    const fixed = [
      8,
      8,
      ...field(7, field(1, [...field(4, text('Relu')), ...unknown])),
      ...field(8, [16, 17]),
    ];
    const model = readModel(bytesOf(fixed), 'm');
    const nodes = model.graph.nodes.map((n) => ({ ...n, opType: 'Sqrt' }));
    const again = readModel(writeModel({ ...model, graph: { ...model.graph, nodes } }), 'again');
    expect(again.graph.nodes[0].opType).toBe('Sqrt');
    expect([...again.graph.nodes[0].rest]).toEqual(unknown);
  });

  test('reads typed data in packed form, one by one and in several pieces', () => {
    const packed = [...field(4, [...f32(1), ...f32(2)])];
    const single = [4 * 8 + 5, ...f32(1), 4 * 8 + 5, ...f32(2)];
    const mixed = [...field(4, f32(1)), ...field(4, []), 4 * 8 + 5, ...f32(2)];
    for (const form of [packed, single, mixed]) {
      const t = [8, 2, 16, 1, ...form, ...field(8, text('w'))];
      const file = [8, 8, ...field(7, field(5, t)), ...field(8, [16, 17])];
      const model = readModel(bytesOf(file), 'm');
      expect([...dataOf(model.graph.initializers[0])]).toEqual([...f32(1), ...f32(2)]);
      expect([...writeModel(model)]).toEqual(file);
    }
  });

  test('gives tensors as views on the bytes of the file', () => {
    const bytes = writeModel(sample());
    const data = dataOf(readModel(bytes, 'sample').graph.initializers[0]);
    expect(data.buffer).toBe(bytes.buffer);
  });

  test('writes an edited model whose messages are all new as one whose messages are kept', () => {
    const bytes = writeModel(sample());
    expect(writeModel(forgotten(readModel(bytes, 'sample')))).toEqual(bytes);
  });

  test('refuses a fraction as a plain number, which would be an int', () => {
    expect(() => attribute('alpha', 0.5)).toThrow(InputError);
    expect(() => tensor('w', 'float32', [2, 2], new Float32Array(3))).toThrow(
      'tensor "w" of shape [2, 2] must have 4 elements, got 3',
    );
  });
});

describe('bytes that are no ONNX model', () => {
  test('are refused in good English: a NodeProto, an AttributeProto and an OperatorSetIdProto', () => {
    const model = (nodeField: readonly number[], opset: readonly number[] = [2 * 8, 17]) =>
      bytesOf([8, 8, ...field(7, field(1, [...field(4, text('Relu')), ...nodeField])), ...field(8, opset)]);
    const notUtf8 = field(1, [0xff]);
    const reading = (bytes: Uint8Array) => () => readModel(bytes, 'm');
    expect(reading(model(notUtf8))).toThrow('got a NodeProto with a name that is not UTF-8');
    expect(reading(model(field(5, notUtf8)))).toThrow('got an AttributeProto with a name that is not UTF-8');
    expect(reading(model([], notUtf8))).toThrow('got an OperatorSetIdProto with a name that is not UTF-8');
    expect(reading(model(field(5, [8, 1])))).toThrow('whose field 1 is not that of an AttributeProto');
  });

  const refusal = (bytes: Uint8Array) => {
    try {
      readModel(bytes, 'bad.onnx');
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const { message } = error as InputError;
      expect(message.startsWith('"bad.onnx" must be an ONNX model, got ')).toBe(true);
      expect(message).not.toContain('\n');
      return message;
    }
    return undefined;
  };

  test('are refused with a sentence that says what is missing', () => {
    expect(refusal(new Uint8Array(0))).toMatch(/an empty file$/);
    expect(refusal(bytesOf(text('<!DOCTYPE html><html></html>')))).toBeDefined();
    expect(refusal(bytesOf([8, 8]))).toMatch(/without a graph$/);
    expect(refusal(bytesOf([8, 8, ...field(7, [])]))).toMatch(/without an operator set/);
    expect(refusal(bytesOf([...field(7, []), ...field(8, [16, 17])]))).toMatch(/without a version/);
    expect(refusal(bytesOf([8, 8, ...field(7, field(1, [])), ...field(8, [16, 17])]))).toMatch(/operator$/);
  });

  test('are refused wherever a file is cut, but where a whole part goes that a reader cannot miss', () => {
    const bytes = writeModel(sample());
    const accepted: number[] = [];
    for (let length = 0; length < bytes.length; length++)
      if (refusal(bytes.subarray(0, length)) === undefined) accepted.push(length);
    // The last part is the second operator set: before it the model is complete by itself.
    const second = 2 + field(8, [...field(1, text('com.microsoft')), 16, 1]).length - 2;
    expect(accepted).toEqual([bytes.length - second]);
  });

  test('that claim a huge length or nest without end are refused at once', () => {
    expect(refusal(bytesOf([8, 8, 7 * 8 + 2, 255, 255, 255, 255, 255, 255, 255, 127]))).toMatch(
      /past the end/,
    );
    expect(refusal(bytesOf([8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]))).toBeDefined();
    let nested: number[] = [];
    for (let depth = 0; depth < 40; depth++) {
      // A node that holds an attribute that holds a graph, inside a graph.
      const inner = lengthDelimited(6, nested);
      const attributeBytes = [...field(1, text('g')), ...inner, 20 * 8 - 128 + 128, 1, 5];
      nested = lengthDelimited(1, [...field(4, text('If')), ...lengthDelimited(5, attributeBytes)]);
    }
    expect(refusal(bytesOf([8, 8, ...lengthDelimited(7, nested), ...field(8, [16, 17])]))).toMatch(/nested/);
  });

  test('with any damage give a model or an InputError, nothing else', () => {
    const bytes = writeModel(sample());
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bad = bytes.slice();
        for (const [at, value] of changes) bad[at] = value;
        let model: Model;
        try {
          model = readModel(bad, 'bad.onnx');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        expect(Buffer.compare(writeModel(model), bad)).toBe(0);
      }),
      { numRuns: 1000, seed: 1 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        refusal(noise);
      }),
      { numRuns: 1000, seed: 2 },
    );
  });
});

const shared = new URL('../../../../shared/models/', import.meta.url);

describe.skipIf(!existsSync(shared))('the networks in ../shared (skipped: not there)', () => {
  test.each(['resnet20', 'vgg16'])('%s is written back byte by byte, and as long when made anew', (name) => {
    const bytes = readFileSync(new URL(`${name}-cifar10.onnx`, shared));
    const model = readModel(bytes, name);
    expect(Buffer.compare(writeModel(model), bytes)).toBe(0);
    const nodes = structuredClone(model.graph.nodes);
    const initializers = model.graph.initializers.map((t) => ({ ...t }));
    const anew = writeModel({ ...model, graph: { ...model.graph, nodes, initializers } });
    expect(anew.length).toBe(bytes.length);
    expect(readModel(anew, name).graph.nodes).toEqual(nodes);
  });
});

function f32(value: number): number[] {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

function lengthDelimited(number: number, content: readonly number[]): number[] {
  const { length } = content;
  return length < 128
    ? [number * 8 + 2, length, ...content]
    : [number * 8 + 2, (length % 128) + 128, length >> 7, ...content];
}
