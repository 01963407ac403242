// Makes the options with which cargo builds and calls the development crate (crate/dev) and the explorer of the command.

const searching = { profile: 'explore', features: ['teaching'] };

/** The builds of subcommands; those that are not here are built for speed. @type {Record<string, {profile: string, features?: string[]}>} */
const builds = {
  bugs: searching,
  explore: searching,
  'random-scenarios': { profile: 'dev' },
  types: { profile: 'dev' },
};

/**
 * @param {string} crate
 * @param {{profile: string, features?: string[]}} build
 */
const parameters = (crate, { profile, features = [] }) => [
  ...['--locked', '--package', crate, '--profile', profile],
  ...features.flatMap((feature) => ['--features', feature]),
];

/**
 * A subcommand of the development crate: the options of `cargo build` and `cargo run`, and what the program is called
 * with.
 * @param {string} name
 * @param {string} [profile] instead of its own
 */
export function development(name, profile) {
  const build = builds[name] ?? { profile: 'release' };
  const cargo = parameters('faultline-dev', { ...build, ...(profile && { profile }) });
  return { cargo, call: [name] };
}

/** Makes the same for `faultline explore`. */
export const explorer = () => ({
  cargo: parameters('faultline-cli', searching),
  call: ['explore'],
});
