//! What makes a folder of `pkg/` a package of its own, beside the module: `package.json` and the licences.
//! This file is part of the source hash.

use crate::licences;
use crate::project::Project;
use crate::wasm::{Engine, NAME};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// This project's own licences, copied from the root.
pub const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

pub fn write(project: &Project, engine: &Engine, folder: &Path) -> Result<()> {
    fs::write(folder.join("package.json"), package_json(engine))?;
    for licence in LICENCES {
        let text = fs::read(project.root.join(licence)).with_context(|| format!("cannot read {licence}"))?;
        fs::write(folder.join(licence), text)?;
    }
    fs::write(folder.join("THIRD_PARTY_LICENSES"), licences::third_party(project, engine)?)?;
    Ok(())
}

fn package_json(engine: &Engine) -> String {
    let package = serde_json::json!({
        "name": format!("gan-playground-{}", engine.name),
        "version": env!("CARGO_PKG_VERSION"),
        "description": format!("gan-playground's core for the browser, engine {}", engine.name),
        "license": env!("CARGO_PKG_LICENSE"),
        "type": "module",
        "main": format!("{NAME}.js"),
        "types": format!("{NAME}.d.ts"),
        "sideEffects": false,
    });
    format!("{package:#}\n")
}
