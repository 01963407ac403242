// Keeps traces in the browser's database, a record each. Pure but for the database it is given.

/** As much of a kept trace as is used here: `facts` is whatever its owner knows of it. */
export interface KeptTrace<Facts extends { readonly name: string }> {
  readonly facts: Facts;
  /** Its references in the project's own format. */
  readonly text: Blob;
}

/** What a collection of traces keeps them on. */
export interface TraceShelf<Facts extends { readonly name: string }> {
  all(): Promise<KeptTrace<Facts>[]>;
  /** Keeps a trace in the place of one with its name. Rejects if there is no room. */
  put(trace: KeptTrace<Facts>): Promise<void>;
  remove(name: string): Promise<void>;
}

const DATABASE = 'faultline';
const STORE = 'traces';

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: 'facts.name' });
  };
  return settled(request);
}

/** A shelf in a database, which is open only while something is done: no tab is in another's way. */
export function databaseShelf<Facts extends { readonly name: string }>(
  factory: IDBFactory,
): TraceShelf<Facts> {
  async function during<Result>(
    mode: IDBTransactionMode,
    task: (store: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    const database = await open(factory);
    try {
      const transaction = database.transaction(STORE, mode);
      const ended = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        // A full disk aborts what the request had been granted.
        transaction.onabort = () => reject(transaction.error);
      });
      const [result] = await Promise.all([settled(task(transaction.objectStore(STORE))), ended]);
      return result;
    } finally {
      database.close();
    }
  }
  return {
    all: () => during('readonly', (store) => store.getAll()),
    put: async (trace) => void (await during('readwrite', (store) => store.put(trace))),
    remove: (name) => during('readwrite', (store) => store.delete(name)),
  };
}
