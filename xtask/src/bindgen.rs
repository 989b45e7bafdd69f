//! wasm-bindgen as a library: no second tool to install, and no version that could differ from `Cargo.lock`.
//! This file is part of the source hash.

use anyhow::{Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// `bindgen MODULE FOLDER`: the JavaScript, its types and the module made ready, without names and tool versions.
pub fn command(arguments: &[String]) -> Result<()> {
    let [module, folder] = arguments else {
        bail!("usage: bindgen MODULE FOLDER");
    };
    Bindgen::new()
        .input_path(module)
        .out_name(crate::wasm::NAME)
        .web(true)?
        // So that `init()` without arguments finds the module beside the script.
        .omit_default_module_path(false)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
}
