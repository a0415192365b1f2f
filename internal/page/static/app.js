// Every page works without this file. It adds: the keyboard, the count of what is picked, a file
// dropped on a page, the sample letter while its form is filled.
const rows = () => [...document.querySelectorAll("tr[data-row]")];
let at = -1;

function move(step) {
  const list = rows();
  if (!list.length) return;
  at = Math.max(0, Math.min(list.length - 1, at + step));
  list.forEach((r, i) => r.classList.toggle("cursor", i === at));
  const link = list[at].querySelector("a.main");
  if (link) link.focus({ preventScroll: true });
  list[at].scrollIntoView({ block: "nearest" });
}

const current = () => rows()[at];

// press does a gesture on the picked rows, or on the one under the cursor.
function press(name) {
  const button = document.querySelector(`[data-key="${name}"]`);
  if (!button) return;
  const form = button.form;
  if (form && form.querySelector('input[name="id"][type="checkbox"]') && !form.querySelector('input[name="id"]:checked')) {
    const box = current()?.querySelector('input[name="id"]');
    if (!box) return;
    box.checked = true;
    count();
  }
  button.click();
}

document.addEventListener("keydown", (e) => {
  const typing = e.target.closest?.("input:not([type=checkbox]), textarea, select");
  if (e.key === "Escape" && typing) return typing.blur();
  if (typing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  switch (e.key) {
    case "j": return move(1);
    case "k": return move(-1);
    case "Enter": {
      if (e.target.closest?.("a, button, summary")) return;
      return current()?.querySelector("a.main")?.click();
    }
    case "x": {
      const box = current()?.querySelector('input[name="id"]');
      if (box) { box.checked = !box.checked; count(); }
      return;
    }
    case "a": case "s": e.preventDefault(); return press(e.key);
    case "/": e.preventDefault(); return document.getElementById("q")?.focus();
    case "?": return document.getElementById("keys")?.showModal();
  }
});

// count says how many rows are picked, and for how much.
function count() {
  for (const form of document.querySelectorAll("form[data-pick]")) {
    const boxes = [...form.querySelectorAll('input[name="id"]')];
    const picked = boxes.filter((b) => b.checked);
    const all = form.querySelector("input[data-all]");
    if (all) {
      all.hidden = false;
      all.checked = picked.length > 0 && picked.length === boxes.length;
      all.indeterminate = picked.length > 0 && picked.length < boxes.length;
    }
    const out = form.querySelector("[data-picked]");
    if (!out) continue;
    out.parentElement.classList.toggle("idle", !picked.length);
    out.dataset.whole ??= out.textContent;
    if (!picked.length) { out.textContent = out.dataset.whole; continue; }
    const sums = new Map();
    const who = new Set();
    for (const b of picked) {
      sums.set(b.dataset.currency, (sums.get(b.dataset.currency) ?? 0) + Number(b.dataset.total));
      who.add(b.dataset.customer);
    }
    const money = [...sums].map(([c, n]) => {
      const f = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : "fr-FR", { style: "currency", currency: c });
      return f.format(n / 10 ** f.resolvedOptions().maximumFractionDigits);
    }).join(" + ");
    out.textContent = out.dataset.words.replace("{n}", picked.length).replace("{sum}", money).replace("{who}", who.size === 1 ? out.dataset.one : out.dataset.many.replace("{n}", who.size));
  }
}
document.addEventListener("change", (e) => {
  if (e.target.matches?.("input[data-all]")) {
    for (const b of e.target.form.querySelectorAll('input[name="id"]')) b.checked = e.target.checked;
  }
  count();
  const sample = e.target.form?.querySelector("[data-sample]");
  if (sample) sample.click();
  if (e.target.matches?.("select[data-go]")) e.target.form.requestSubmit();
});
count();

for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input[type=file]");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (e) => {
      e.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && e.dataTransfer.files.length) {
        input.files = e.dataTransfer.files;
        drop.requestSubmit?.() ?? drop.submit?.();
      }
    });
  }
}

// A menu closes when something else is touched.
document.addEventListener("click", (e) => {
  for (const d of document.querySelectorAll("details.menu[open], .burger details[open]")) if (!d.contains(e.target)) d.open = false;
});

// The mail's frame takes the height of the mail.
for (const f of document.querySelectorAll("iframe[data-fit]")) {
  const fit = () => { try { f.style.setProperty("height", `${f.contentDocument.documentElement.scrollHeight + 8}px`); } catch { /* sandboxed: it keeps its height */ } };
  f.addEventListener("load", fit);
}

// On a narrow screen the tab that is open may stand beyond the edge of its row.
for (const a of document.querySelectorAll(".tabs a[aria-current], .chips a[aria-current]")) {
  const row = a.closest(".tabs, .chips");
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = a.offsetLeft - row.offsetLeft - (row.clientWidth - a.offsetWidth) / 2;
}
