// The marks in their order, in pixels of the photo, and those that were undone.
const field = document.getElementById("cut-marks");
const done = read();
const undone = [];
const listeners = [];

function read() {
  try {
    return JSON.parse(field.value || "[]");
  } catch {
    return [];
  }
}

export const all = () => done;
export const canRedo = () => undone.length > 0;
export const whenChanged = (listener) => listeners.push(listener);

function tell() {
  field.value = JSON.stringify(done);
  for (const listener of listeners) listener();
}

export function add(mark) {
  done.push(mark);
  undone.length = 0;
  tell();
}

export function undo() {
  if (!done.length) return;
  undone.push(done.pop());
  tell();
}

export function redo() {
  if (!undone.length) return;
  done.push(undone.pop());
  tell();
}

// a reset can be taken back too: redo brings the marks again, one by one
export function reset() {
  while (done.length) undone.push(done.pop());
  tell();
}
