// The part of BullMQ and ioredis that this folder uses: they are optional peers, and it compiles where they are absent.

declare module 'ioredis' {
  export class Redis {
    constructor(url: string, options?: Readonly<Record<string, unknown>>);
    connect(): Promise<void>;
    disconnect(): void;
    quit(): Promise<string>;
    on(event: 'error', listener: (error: Error) => void): this;
    exists(key: string): Promise<number>;
    set(key: string, value: Uint8Array, expiry: 'EX', seconds: number): Promise<string | null>;
    expire(key: string, seconds: number): Promise<number>;
    getBuffer(key: string): Promise<Buffer | null>;
  }
}

declare module 'bullmq' {
  import type { Redis } from 'ioredis';

  export interface Job {
    readonly id?: string;
    readonly data: unknown;
    readonly returnvalue: unknown;
    readonly failedReason?: string;
    readonly finishedOn?: number;
    remove(): Promise<void>;
  }

  export class Queue {
    constructor(name: string, options: { readonly connection: Redis });
    add(name: string, data: unknown, options: { readonly jobId: string }): Promise<Job>;
    getJob(id: string): Promise<Job | undefined>;
    getWorkersCount(): Promise<number>;
    on(event: 'error', listener: (error: Error) => void): this;
    close(): Promise<void>;
  }

  export class Worker {
    constructor(
      name: string,
      processor: (job: Job) => Promise<unknown>,
      options: {
        readonly connection: Redis;
        readonly concurrency: number;
        readonly lockDuration: number;
        readonly stalledInterval: number;
        readonly maxStalledCount: number;
      },
    );
    on(event: 'error', listener: (error: Error) => void): this;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  }
}
