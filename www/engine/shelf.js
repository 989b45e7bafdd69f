/** Where each tab keeps its run: one entry a tab in IndexedDB. A browser that stores nothing has an empty shelf. */

/** @typedef {{link: string, step: number, bytes: Uint8Array}} Entry */

const NAME = "gan-playground";
const STORE = "tabs";
/** Under this a tab remembers which entry is its own. */
const KEY = "gan-playground-tab";
/** Milliseconds after which an entry is nobody's any more, and how many are kept at all. */
const OLD = 7 * 24 * 3_600_000;
const TABS = 8;
/** Milliseconds that a tab which is being loaded again may take to let go of its entry. */
const LETTING_GO = 500;

let tab = "";

/** @type {Promise<IDBDatabase> | undefined} */
let opening;

function database() {
  opening ??= done(() => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => { request.result.createObjectStore(STORE).createIndex("time", "time"); };
    return request;
  });
  return opening;
}

/** @template T @param {() => IDBRequest<T>} make @returns {Promise<T>} */
const done = (make) => new Promise((resolve, reject) => {
  const request = make();
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {IDBTransactionMode} mode */
const store = async (mode) => (await database()).transaction(STORE, mode).objectStore(STORE);

/** What the shelf holds may be of another version, or damaged. @param {unknown} found @returns {found is Entry} */
const isEntry = (found) => found instanceof Object && "link" in found && typeof found.link === "string"
  && "step" in found && Number.isSafeInteger(found.step) && "bytes" in found && found.bytes instanceof Uint8Array;

/** A tab that was duplicated has its twin's memory, and not its entry. @param {string} id @returns {Promise<boolean>} */
async function own(id) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    const name = `${KEY} ${id}`;
    navigator.locks.request(name, { signal: AbortSignal.timeout(LETTING_GO) }, () => {
      resolve(true);
      // Held for as long as the tab is here.
      return new Promise(() => {});
    }).catch(() => resolve(false));
  });
}

async function name() {
  const known = sessionStorage.getItem(KEY);
  if (known && await own(known)) return known;
  const id = String(Math.random()).slice(2);
  sessionStorage.setItem(KEY, id);
  await own(id);
  return id;
}

/** Entries that nobody will come back for; their bytes are not read. */
async function tidy() {
  const entries = await store("readwrite");
  const times = entries.index("time");
  const old = await done(() => times.getAllKeys(IDBKeyRange.upperBound(Date.now() - OLD)));
  const all = await done(() => times.getAllKeys());
  for (const key of [...old, ...all.slice(0, -TABS)]) if (key !== tab) entries.delete(key);
}

export const shelf = {
  /** What this tab kept before it was loaded again. @returns {Promise<Entry | null>} */
  async mine() {
    try {
      tab = await name();
      const entries = await store("readonly");
      const found = await done(() => entries.get(tab));
      tidy().catch(() => {});
      return isEntry(found) ? found : null;
    } catch {
      return null;
    }
  },

  /** @param {Entry} entry */
  async put(entry) {
    if (!tab) return;
    const entries = await store("readwrite");
    await done(() => entries.put({ ...entry, time: Date.now() }, tab));
  },

  async clear() {
    if (!tab) return;
    const entries = await store("readwrite");
    await done(() => entries.delete(tab));
  },
};
