// Makes the options with which cargo builds and runs the development crate (crate/dev) and the explorer of the command.

const searching = { profile: 'explore', features: ['teaching'] };

/** The builds of subcommands, one of them with an option; those that are not here are built for speed. @type {Record<string, {profile: string, features?: string[]}>} */
const builds = {
  bugs: searching,
  explore: searching,
  'random-scenarios': { profile: 'dev' },
  'soak --hesitate': { profile: 'explore', features: ['footprints'] },
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
 * Makes the options of `cargo build` and `cargo run` for a subcommand of the development crate.
 * @param {string} name
 * @param {string} [profile] instead of its own
 */
export function development(name, profile) {
  const build = builds[name] ?? { profile: 'release' };
  return parameters('faultline-dev', { ...build, ...(profile && { profile }) });
}

/** Makes the same for `faultline explore`. @param {string} [profile] */
export const explorer = (profile) =>
  parameters('faultline-cli', { ...searching, ...(profile && { profile }) });
