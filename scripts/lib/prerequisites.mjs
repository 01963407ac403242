// Finds or installs what the project needs, each once: Node, Rust, npm packages, Rust tools, a browser.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, Failure, root, run, toolsFolder, which } from './command.mjs';

const isRoot = process.getuid?.() === 0;

/**
 * Runs a program that installs something. Its words go to standard error, because standard output is the result of the
 * command that needs it.
 * @param {string} program
 * @param {string[]} parameters
 * @param {import('./command.mjs').RunOptions & {cure: string}} options
 */
const install = (program, parameters, options) =>
  run(program, parameters, { output: 'stderr', ...options });

/** The oldest Node that works; package.json says it to npm, this to a person. */
const oldestNode = [20, 19];

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = oldestNode;
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    throw new Failure(
      `Node ${process.versions.node} is too old: ${oldestNode.join('.')} or later is needed`,
      'install Node 20 or later: https://nodejs.org/en/download',
    );
  }
  return `Node ${process.versions.node}`;
}

/**
 * Installs Debian packages, or says which to install.
 * @param {string[]} packages
 * @param {string} reason
 */
export async function installDebianPackages(packages, reason) {
  const command = `apt-get install -y ${packages.join(' ')}`;
  if (which('apt-get') === null) {
    throw new Failure(
      reason,
      `install ${packages.join(' and ')} with your system's package manager`,
    );
  }
  if (!isRoot) {
    throw new Failure(
      `${reason}, and only root can install it`,
      `sudo apt-get update && sudo ${command}`,
    );
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await install('apt-get', ['update', '-q'], { env, cure: 'see what apt-get said above' });
  await install('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    env,
    cure: `run by hand and see: apt-get update && ${command}`,
  });
}

export async function checkCompiler() {
  if (which('cc') !== null) return 'already there';
  await installDebianPackages(
    ['build-essential'],
    'there is no C compiler (cc) for Rust to link with',
  );
  return 'installed';
}

export async function checkCppCompiler() {
  if (which('c++') !== null) return 'already there';
  await installDebianPackages(
    ['build-essential'],
    'there is no C++ compiler (c++) to build the fuzzer with',
  );
  return 'installed';
}

/** What rust-toolchain.toml asks for, read as text: there is no TOML reader in Node. */
function pinnedToolchain() {
  const text = readFileSync(join(root, 'rust-toolchain.toml'), 'utf8');
  const list = (/** @type {string} */ key) =>
    [
      ...(text.match(new RegExp(`${key}\\s*=\\s*\\[([^\\]]*)\\]`))?.[1] ?? '').matchAll(
        /"([^"]+)"/g,
      ),
    ].map((match) => /** @type {string} */ (match[1]));
  const channel = text.match(/channel\s*=\s*"([^"]+)"/)?.[1] ?? 'stable';
  return { channel, components: list('components'), targets: list('targets') };
}

/** Installs the whole toolchain that is pinned. */
export const installRust = () => installToolchain(pinnedToolchain());

/** Installs what of it the engine for the browser is built with: its standard library is compiled from the source. */
export const installRustToBuild = () =>
  installToolchain({ ...pinnedToolchain(), components: ['rust-src'], targets: [] });

/** @param {ReturnType<typeof pinnedToolchain>} wanted */
async function installToolchain({ channel, components, targets }) {
  if (which('rustup') === null) {
    throw new Failure(
      'rustup is not installed',
      "install it, then open a new shell: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh",
    );
  }
  const installed = await attempt('rustup', ['toolchain', 'list'], { output: 'hide' });
  if (installed.stdout.split('\n').some((line) => line.startsWith(`${channel}-`))) {
    const list = async (/** @type {string} */ kind) =>
      (
        await attempt('rustup', [kind, 'list', '--installed', '--toolchain', channel], {
          output: 'hide',
        })
      ).stdout;
    const haveComponents = (await list('component')).split('\n');
    const haveTargets = (await list('target')).split('\n');
    const missing = [
      ...components.filter(
        (name) => !haveComponents.some((have) => have === name || have.startsWith(`${name}-`)),
      ),
      ...targets.filter((name) => !haveTargets.includes(name)),
    ];
    if (missing.length === 0) return `Rust ${channel} already there`;
  }
  const list = components.flatMap((name) => ['--component', name]);
  const wanted = targets.flatMap((name) => ['--target', name]);
  await install(
    'rustup',
    [
      'toolchain',
      'install',
      channel,
      '--no-self-update',
      '--profile',
      'minimal',
      ...list,
      ...wanted,
    ],
    { cure: 'run the command by hand and see; an old rustup is renewed by: rustup self update' },
  );
  return `Rust ${channel} installed`;
}

export async function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).update(process.versions.modules).digest('hex');
  const stamp = join(root, 'node_modules', '.installed-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return 'already there';
  await install('npm', ['ci', '--no-audit', '--no-fund'], {
    cure: 'if package.json and package-lock.json disagree: npm install',
  });
  writeFileSync(stamp, hash);
  return 'installed';
}

/**
 * The version of a crate in Cargo.lock, so that the pin stands in one place.
 * @param {string} name
 */
function lockedVersion(name) {
  const text = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  const version = text.match(new RegExp(`name = "${name}"\\nversion = "([^"]+)"`))?.[1];
  if (version === undefined) throw new Failure(`Cargo.lock has no ${name}`);
  return version;
}

/**
 * @param {string} program
 * @param {string} version
 * @param {string[]} parameters
 * @param {string[]} [asksVersion]
 */
async function installTool(program, version, parameters, asksVersion = ['--version']) {
  const file = join(toolsFolder, 'bin', program);
  if (existsSync(file)) {
    const { stdout } = await attempt(file, asksVersion, { output: 'hide' }).catch(() => ({
      stdout: '',
    }));
    if (stdout.trim() === `${program} ${version}`) return `${version} already there`;
  }
  await install(
    'cargo',
    ['install', ...parameters, '--version', version, '--root', toolsFolder, '--force'],
    {
      env: {
        // The project's own flags are for the project's own code.
        RUSTFLAGS: undefined,
        CARGO_BUILD_TARGET: undefined,
        // What two of the tools are made of is compiled once, and nobody debugs them.
        CARGO_TARGET_DIR: join(root, 'target', 'tools'),
        CARGO_PROFILE_DEV_DEBUG: 'none',
        CARGO_PROFILE_DEV_INCREMENTAL: 'false',
      },
      cure: 'see what cargo said above',
    },
  );
  return `${version} installed into .tools`;
}

/**
 * Installs what wasm-pack runs its tests with. It must be of the crate's own version, exactly. Its lock file names an
 * unpublished version: no --locked.
 */
export function installWasmBindgen() {
  return installTool('wasm-bindgen', lockedVersion('wasm-bindgen'), [
    'wasm-bindgen-cli',
    '--debug',
  ]);
}

export function installWasmPack() {
  return installTool('wasm-pack', '0.15.1', ['wasm-pack', '--locked', '--debug']);
}

export function installCargoDeny() {
  return installTool('cargo-deny', '0.20.2', ['cargo-deny', '--locked', '--debug']);
}

export function installCargoMutants() {
  const parameters = ['cargo-mutants', '--locked', '--debug'];
  return installTool('cargo-mutants', '27.1.0', parameters, ['mutants', '--version']);
}

/** Counts instructions: `npm run bench -- instructions`. */
export async function installValgrind() {
  if (which('valgrind') !== null) return 'already there';
  await installDebianPackages(['valgrind'], 'there is no valgrind to count instructions with');
  return 'valgrind installed';
}

/** A Chromium or Chrome of the system's, or null. */
export function findBrowser() {
  const chosen = process.env.FAULTLINE_BROWSER;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Failure(
      `FAULTLINE_BROWSER names ${chosen}, which does not exist`,
      'correct it, or unset it',
    );
  }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const found = which(name);
    if (found !== null) return found;
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(mac) ? mac : null;
}

export async function installBrowser() {
  const found = findBrowser();
  if (found !== null) return `${found} already there`;
  await installDebianPackages(['chromium'], 'there is no Chromium');
  if (findBrowser() === null) {
    throw new Failure(
      'Chromium is installed, and in no folder of PATH',
      'name its program in the variable FAULTLINE_BROWSER',
    );
  }
  return 'chromium installed';
}

/** The tests of the wasm crate drive Firefox through geckodriver, which Debian does not have. */
export async function installFirefoxAndDriver() {
  if (which('firefox') === null && which('firefox-esr') === null) {
    await installDebianPackages(['firefox-esr'], 'there is no Firefox');
  }
  return installTool('geckodriver', '0.37.1', ['geckodriver', '--locked', '--debug']);
}

/** The tests of the wasm crate drive the browser through chromedriver. */
export async function installBrowserAndDriver() {
  if (findBrowser() !== null && which('chromedriver') !== null) return 'already there';
  await installDebianPackages(
    ['chromium', 'chromium-driver'],
    'there is no Chromium with its chromedriver',
  );
  return 'chromium and chromium-driver installed';
}
