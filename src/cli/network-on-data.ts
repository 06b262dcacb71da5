/** A network, the labelled images that it is run on, and how. */
export interface NetworkOnData {
  /** Path of the .onnx file, or `stand-in`. */
  readonly model: string;
  /** `cifar10:FILE[,FILE]`, `images:DIR`, `module:PATH` or `stand-in`. */
  readonly data: string;
  /** Images used, the first so many; all where it is not given. */
  readonly limit?: number;
  /** By channel; what the sidecar of the model says where they are not given. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Of an inference. */
  readonly threads?: number;
}
