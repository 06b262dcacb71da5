import type { Redis } from 'ioredis';
import { InputError, messageOf, RunError, show } from '../../errors.js';

/** Queues and keys of this library begin with it. */
export const PREFIX = 'fronteira-';

/** Milliseconds after which a server that does not answer counts as unreachable. */
const PATIENCE = 3000;

export async function loadBullmq(): Promise<typeof import('bullmq') & typeof import('ioredis')> {
  try {
    return { ...(await import('bullmq')), ...(await import('ioredis')) };
  } catch (error) {
    throw new RunError(
      'distributed evaluation needs the packages bullmq and ioredis, which could not be loaded; add them with: npm install bullmq ioredis',
      { cause: error },
    );
  }
}

/**
 * A connection that, once made, waits for a server that is away and goes on when it is back. Throws an InputError within
 * seconds where the server cannot be reached at first.
 */
export async function connect(url: string): Promise<Redis> {
  if (typeof url !== 'string' || !/^rediss?:\/\//.test(url))
    throw new InputError(`Redis must be named by a redis:// or rediss:// URL, got ${show(url)}`);
  const { Redis } = await loadBullmq();
  await probe(
    new Redis(url, { lazyConnect: true, connectTimeout: PATIENCE, retryStrategy: () => null }),
    url,
  );
  const connection = new Redis(url, { maxRetriesPerRequest: null, connectTimeout: PATIENCE });
  connection.on('error', () => {}); // it reconnects by itself
  return connection;
}

async function probe(connection: Redis, url: string): Promise<void> {
  let reason = '';
  connection.on('error', (error) => {
    reason = messageOf(error);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE);
  });
  try {
    await Promise.race([connection.connect().then(() => connection.exists(PREFIX)), late]);
  } catch (error) {
    throw new InputError(
      `Redis must be reachable, got ${show(withoutPassword(url))} (${reason || messageOf(error)})`,
    );
  } finally {
    clearTimeout(timer);
    connection.disconnect();
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

/** The name of a queue as BullMQ knows it. Throws an InputError for one that it cannot hold. */
export function queueName(name: string): string {
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name))
    throw new InputError(`a queue must have a name of letters, digits, dots and dashes, got ${show(name)}`);
  return `${PREFIX}${name}`;
}
