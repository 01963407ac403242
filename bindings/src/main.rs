//! Makes the bindings of a compiled WebAssembly module, as `wasm-bindgen --target web --out-dir FOLDER --out-name NAME MODULE`
//! does: the module that a browser loads, its JavaScript and its types. The command itself has a test server besides, with
//! all that a server needs, and takes several times as long to compile.

use anyhow::{Context, bail};
use std::env;
use std::ffi::OsString;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let parameters: Vec<OsString> = env::args_os().skip(1).collect();
    let [module, folder, name] = parameters.as_slice() else {
        bail!("usage: faultline-bindings MODULE FOLDER NAME");
    };
    let name = name.to_str().context("NAME is to be Unicode")?;
    Bindgen::new()
        .web(true)?
        .typescript(true)
        .omit_default_module_path(false)
        .input_path(module)
        .out_name(name)
        .generate(folder)
}
