// Checks the signed words of a QR symbol with nothing but this file: no network, no library. `data` on <main> brings keys and letters.
// Browsers with Ed25519 in WebCrypto do the arithmetic themselves; the others, and files opened as content://, use what follows.

// --- SHA-512 (FIPS 180-4); its constants are the first digits of roots of primes ---
const WORD = (1n << 64n) - 1n;
const BLOCK = 128;

function root(value, degree) {
  let low = 0n;
  let high = 1n << (BigInt(value.toString(2).length) / degree + 1n);
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime)) found.push(n);
  return found.map(BigInt);
}

let tables;
function constants() {
  tables ??= {
    start: primes(8).map((prime) => root(prime << 128n, 2n) & WORD),
    rounds: primes(80).map((prime) => root(prime << 192n, 3n) & WORD),
  };
  return tables;
}

const turn = (word, by) => ((word >> by) | (word << (64n - by))) & WORD;

function number(bytes) {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function padded(message) {
  const content = new Uint8Array(Math.ceil((message.length + 17) / BLOCK) * BLOCK);
  content.set(message);
  content[message.length] = 0x80;
  new DataView(content.buffer).setBigUint64(content.length - 8, BigInt(message.length) * 8n);
  return content;
}

function compress(state, block) {
  const words = [];
  for (let t = 0; t < 16; t += 1) words.push(number(block.subarray(8 * t, 8 * t + 8)));
  for (let t = 16; t < 80; t += 1) {
    const [x, y] = [words[t - 15], words[t - 2]];
    const small = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n);
    const large = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
    words.push((words[t - 16] + small + words[t - 7] + large) & WORD);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 80; t += 1) {
    const mixed = (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & WORD & g));
    const first = h + mixed + constants().rounds[t] + words[t];
    const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & WORD, c, b, a, (first + second) & WORD];
  }
  return [a, b, c, d, e, f, g, h].map((word, place) => (word + state[place]) & WORD);
}

function sha512(message) {
  const content = padded(message);
  let state = constants().start;
  for (let start = 0; start < content.length; start += BLOCK) {
    state = compress(state, content.subarray(start, start + BLOCK));
  }
  return Uint8Array.from(state.flatMap((word) => Array.from({ length: 8 }, (_, i) => Number((word >> BigInt(56 - 8 * i)) & 255n))));
}

// --- Ed25519 (RFC 8032); only public numbers, so nothing needs to take constant time ---
const P = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const mod = (value, by = P) => ((value % by) + by) % by;

function power(base, exponent) {
  let [result, square, left] = [1n, mod(base), exponent];
  for (; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const inverse = (value) => power(value, P - 2n);
const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const NOTHING = [0n, 1n, 1n, 0n];

function point(y, isOdd) {
  if (y >= P) return null;
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(x * x) !== square || (x === 0n && isOdd)) return null;
  if (Boolean(x & 1n) !== isOdd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

const BASE = point(mod(4n * inverse(5n)), false);

function pointOf(bytes) {
  const whole = number(Uint8Array.from(bytes).reverse());
  return point(whole & ((1n << 255n) - 1n), whole >> 255n === 1n);
}

function plus([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const [a, b] = [mod((y1 - x1) * (y2 - x2)), mod((y1 + x1) * (y2 + x2))];
  const [c, d] = [mod(2n * D * t1 * t2), mod(2n * z1 * z2)];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(start, factor) {
  let [result, double] = [NOTHING, start];
  for (let left = factor; left > 0n; left >>= 1n) {
    if (left & 1n) result = plus(result, double);
    double = plus(double, double);
  }
  return result;
}

function isSignedPlainly(key, signature, message) {
  const [r, s] = [signature.slice(0, 32), number(signature.slice(32).reverse())];
  const [first, signer] = [pointOf(r), pointOf(key)];
  if (!first || !signer || s >= ORDER) return false;
  const hash = mod(number(sha512(Uint8Array.from([...r, ...key, ...message])).reverse()), ORDER);
  const [left, right] = [times(BASE, s), plus(first, times(signer, hash))];
  return mod(left[0] * right[2]) === mod(right[0] * left[2]) && mod(left[1] * right[2]) === mod(right[1] * left[2]);
}

async function isSigned(key, signature, message) {
  try {
    const ready = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", ready, signature, message);
  } catch {
    return isSignedPlainly(key, signature, message);
  }
}

// --- the payload: version, key, day, fields, zeros, signature; see lms/trust/symbol.py ---
const main = document.querySelector("main");
const known = JSON.parse(main.dataset.known);
const HEAD = 9;
const SIGNATURE = 64;

function bytesOf(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function letters(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 1) {
    if (bytes[place] === 255) {
      const [a, b, c] = bytes.slice(place + 1, place + 4).map((byte) => byte & 127);
      text += String.fromCodePoint((a << 14) | (b << 7) | c);
      place += 3;
    } else text += known.letters[bytes[place] - 2];
  }
  return text;
}

function fields(bytes) {
  const end = bytes.indexOf(0);
  const parts = [[]];
  for (const byte of end < 0 ? bytes : bytes.subarray(0, end)) {
    if (byte === 1) parts.push([]);
    else parts.at(-1).push(byte);
  }
  return parts.map((part) => letters(Uint8Array.from(part)));
}

function dayOf(bytes) {
  const day = new Date(Date.UTC(2000, 0, 1) + (bytes[0] * 256 + bytes[1]) * 86_400_000);
  return [day.getUTCDate(), day.getUTCMonth() + 1].map((n) => String(n).padStart(2, "0")).join("/") + `/${day.getUTCFullYear()}`;
}

function today() {
  return new Intl.DateTimeFormat("sv", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
}

async function check(pasted) {
  let content;
  try {
    content = bytesOf(pasted.trim().split("#").at(-1));
  } catch {
    return { verdict: "unreadable" };
  }
  if (content.length <= HEAD + SIGNATURE || content[0] !== 1) return { verdict: "unreadable" };
  const message = content.slice(0, -SIGNATURE);
  const key = known.keys.find((one) => one.start === content.slice(1, 7).join("."));
  if (!key) return { verdict: "unknown" };
  const whole = Uint8Array.from([...new TextEncoder().encode(known.context), ...message]);
  if (!(await isSigned(bytesOf(key.x), content.slice(-SIGNATURE), whole))) return { verdict: "wrong" };
  if (key.distrusted) return { verdict: "distrusted" };
  const [code, label, name, course, issuer, end = ""] = fields(message.slice(HEAD));
  const told = { name, course, label, day: dayOf(message.slice(7, 9)), end: end.split("-").reverse().join("/"), issuer };
  return { verdict: end && end <= today() ? "expired" : "right", told, code };
}

// --- the page ---
for (const key of known.keys) key.start = bytesOf(key.kid).join(".");
const field = document.querySelector("#symbol");
const picture = document.querySelector("#picture");

async function show() {
  const { verdict, told, code } = await check(field.value);
  for (const part of document.querySelectorAll("[data-verdict]")) part.hidden = !part.dataset.verdict.split(" ").includes(verdict);
  if (told) {
    for (const [name, text] of Object.entries(told)) document.querySelector(`[data-told="${name}"]`).textContent = text;
    document.querySelector("[data-end]").hidden = !told.end;
    const ask = document.querySelector("[data-ask]");
    ask.textContent = ask.href = `${known.home}/verify/${encodeURIComponent(code)}`;
  }
  const panel = document.querySelector("#verdict");
  panel.hidden = false;
  panel.focus();
}

document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});

if ("BarcodeDetector" in window) {
  picture.closest(".field").hidden = false;
  picture.addEventListener("change", async () => {
    const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(picture.files[0]));
    field.value = found[0]?.rawValue ?? "";
    show();
  });
}

document.querySelector("[data-save]").hidden = !location.protocol.startsWith("http");

function showAddress() {
  if (location.hash.length <= SIGNATURE) return;
  field.value = location.hash;
  show();
}

addEventListener("hashchange", showAddress);
showAddress();
