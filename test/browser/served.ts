import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

/** What a page can fetch: a path such as `/page.js`, and its bytes, its text, or the URL of a file. */
export type Served = Readonly<Record<string, Uint8Array | string | URL>>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves files on a free port of this machine alone. Gives the address of the root, and how to stop. */
export async function serve(files: Served): Promise<{ readonly root: string; stop(): Promise<void> }> {
  const server = createServer(({ url = '' }, response) => {
    const file = files[url];
    if (file === undefined) response.writeHead(url === '/favicon.ico' ? 204 : 404).end();
    else {
      response.writeHead(200, { 'content-type': TYPES[extname(url)] ?? 'application/octet-stream' });
      response.end(file instanceof URL ? readFileSync(file) : file);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

/** What onnxruntime-web loads from beside the program of the page. */
export const RUNTIME = new URL(
  '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
  import.meta.url,
);
