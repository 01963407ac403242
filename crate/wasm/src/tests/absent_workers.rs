//! Says how the tests with workers are run, in the last line of a run without them.

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
#[ignore = "these need shared memory: npm run --silent wasm-test -- --chrome"]
fn the_tests_with_workers() {}
