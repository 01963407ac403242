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
 * The program is named without its package: it is made of what all packages together make of the engine, as the tests are.
 * @param {string} program
 * @param {string} crate
 * @param {{profile: string, features?: string[]}} build
 */
const parameters = (program, crate, { profile, features = [] }) => [
  ...['--locked', '--bin', program, '--profile', profile],
  ...features.flatMap((feature) => ['--features', `${crate}/${feature}`]),
];

/**
 * Makes the options of `cargo build` and `cargo run` for a subcommand of the development crate.
 * @param {string} name
 * @param {string} [profile] instead of its own
 */
export function development(name, profile) {
  const build = builds[name] ?? { profile: 'release' };
  const crate = 'faultline-dev';
  return parameters(crate, crate, { ...build, ...(profile && { profile }) });
}

/** Makes the same for `faultline explore`. @param {string} [profile] */
export const explorer = (profile) =>
  parameters('faultline', 'faultline-cli', { ...searching, ...(profile && { profile }) });
