//! `THIRD_PARTY_LICENSES` of a module: what is compiled into it from other people, under which terms, with their texts.
//! This file is part of the source hash.

use crate::project::{Project, ask};
use crate::toolchain::TARGET;
use crate::wasm::{Engine, NAME};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    /// SPDX expression.
    license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
    /// The registry; none for the packages of this workspace.
    source: Option<String>,
}

/// The whole text, the same on every machine.
pub fn third_party(project: &Project, engine: &Engine) -> Result<String> {
    let linked = linked(project, engine)?;
    let json = ask(cargo(project, "metadata", engine).args(["--format-version", "1", "--filter-platform", TARGET]))
        .context("`cargo metadata` failed")?;
    let mut packages = serde_json::from_str::<Metadata>(&json)?.packages;
    packages.retain(|package| {
        package.source.is_some() && linked.contains(&(package.name.clone(), package.version.clone()))
    });
    packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    compose(engine.name, &packages)
}

/// Name and version of every normal dependency. `cargo metadata` also names the optional ones that are off, more than
/// twice as many; `cargo tree` resolves features as a build does.
fn linked(project: &Project, engine: &Engine) -> Result<BTreeSet<(String, String)>> {
    let tree = ask(cargo(project, "tree", engine).args(["--edges", "normal", "--target", TARGET, "--prefix", "none"]))
        .context("`cargo tree` failed")?;
    let package = |line: &str| {
        let mut words = line.split(' ');
        Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    };
    Ok(tree.lines().filter_map(package).collect())
}

fn cargo(project: &Project, command: &str, engine: &Engine) -> std::process::Command {
    let mut cargo = project.program("cargo");
    cargo.args([command, "--locked", "--no-default-features", "--features", engine.features]);
    cargo
}

/// A list of the packages, then each text once: most packages share a few.
fn compose(engine: &str, packages: &[Package]) -> Result<String> {
    let mut list = format!(
        "Third-party software in {NAME}_bg.wasm, engine {engine}, and the numbers of its licence texts below.\n\
         Rust's standard library is part of it too: MIT OR Apache-2.0, https://github.com/rust-lang/rust\n\n"
    );
    let mut texts = String::new();
    let mut numbers = HashMap::new();
    for package in packages {
        let licence = package.license.as_deref().unwrap_or("see its text");
        write!(list, "{} {}: {licence}", package.name, package.version)?;
        let mut own = BTreeSet::new();
        for file in files(package.manifest_path.parent().context("a package without a folder")?)? {
            let text = String::from_utf8_lossy(&fs::read(&file)?).replace('\r', "");
            // Copies differ in their line breaks and indents.
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let next = numbers.len() + 1;
            let number = *numbers.entry(words).or_insert(next);
            if number == next {
                write!(texts, "\n[{number}] {}\n\n{}\n", "-".repeat(72), text.trim_matches('\n'))?;
            }
            own.insert(number);
        }
        let own: Vec<String> = own.iter().map(|number| format!("[{number}]")).collect();
        match &package.repository {
            Some(repository) if own.is_empty() => writeln!(list, ", no text in the package; {repository}")?,
            None if own.is_empty() => writeln!(list, ", no text in the package")?,
            _ => writeln!(list, " {}", own.join(" "))?,
        }
    }
    Ok(list + &texts)
}

/// The licence files of a package, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let starts = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
        if path.is_file() && starts.iter().any(|start| name.starts_with(start)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
#[path = "licences_tests.rs"]
mod tests;
