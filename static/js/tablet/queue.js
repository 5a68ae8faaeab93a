// Answers that the server has not confirmed, kept on the device until it has. Their keys are random, so the order in
// which they lie here is not the order in which they were given.
import { openDB } from "idb";

const NAME = "tyoparkki-answers";
let opened = null;

function database() {
  opened ??= openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("unsent", { keyPath: "key" });
      db.createObjectStore("refused", { keyPath: "key" });
    },
    blocking: (_was, _will, event) => event.target.close(),
    terminated: () => (opened = null),
  });
  opened.catch(() => (opened = null));
  return opened;
}

const strict = async (stores) => (await database()).transaction(stores, "readwrite", { durability: "strict" });

// Resolves only when the answer is on the disk.
export async function keep(answer) {
  const act = await strict("unsent");
  await act.store.put(answer);
  await act.done;
}

export const unsent = async () => (await database()).getAll("unsent");

export async function forget(key) {
  const act = await strict("unsent");
  await act.store.delete(key);
  await act.done;
}

// What the server can never take is set aside, so that it does not stand in the way; it is counted, never shown.
export async function setAside(answer, why) {
  const act = await strict(["unsent", "refused"]);
  await act.objectStore("refused").put({ ...answer, why });
  await act.objectStore("unsent").delete(answer.key);
  await act.done;
}

export async function counts() {
  const db = await database();
  return { unsent: await db.count("unsent"), refused: await db.count("refused") };
}
