//! The page's modules as a few files: more than a hundred small requests take a third of the time to the first step.

use crate::project::{Project, run};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the page's own bundles lie: as deep as the modules of `engine/`, whose addresses of workers are relative.
const FOLDER: &str = "bundle";
/// The document's own modules.
const ENTRIES: [&str; 2] = ["boot", "app"];
/// All of the page's style sheets, which name no other files.
const STYLES: &str = "page.css";
/// Modules that are imported by another name than their file's, as the document's import map has them.
const NAMED: [(&str, &str); 4] = [
    ("preact", "preact/dist/preact.mjs"),
    ("preact/hooks", "preact/hooks/dist/hooks.mjs"),
    ("htm", "htm/dist/htm.module.js"),
    ("uplot", "uplot/dist/uPlot.esm.js"),
];

/// Makes a folder with what is served in place of the modules: the document, the page's bundles and the worker's.
pub fn make(project: &Project) -> Result<PathBuf> {
    let (www, to) = (project.root.join("www"), project.target.join("page"));
    if to.exists() {
        fs::remove_dir_all(&to).with_context(|| format!("cannot empty {}", to.display()))?;
    }
    let entries = ENTRIES.map(|name| www.join(format!("{name}.js")));
    // What both use, the worker's front desk above all, is a chunk of its own.
    bundle(project, &entries, &to.join(FOLDER), &["--splitting", "--chunk-names=[name]-[hash]"])?;
    bundle(project, &[www.join("worker/worker.js")], &to.join("worker"), &[])?;
    let html = fs::read_to_string(www.join("index.html")).context("cannot read www/index.html")?;
    let styles = styles(&html).into_iter().map(|name| match name.strip_prefix("vendor/") {
        Some(name) => fs::read_to_string(project.root.join("node_modules").join(name)),
        None => fs::read_to_string(www.join(name)),
    });
    let styles = styles.collect::<std::io::Result<Vec<_>>>().context("cannot read the page's style sheets")?;
    fs::write(to.join(FOLDER).join(STYLES), styles.join("\n"))?;
    let boot = fs::read_to_string(to.join(FOLDER).join("boot.js")).context("there is no bundle of boot.js")?;
    fs::write(to.join("index.html"), document(&html, &imports(&boot))?)?;
    Ok(to)
}

fn bundle(project: &Project, entries: &[PathBuf], to: &Path, more: &[&str]) -> Result<()> {
    let modules = project.root.join("node_modules");
    let mut esbuild = project.npm_program("esbuild");
    esbuild.args(entries).arg(format!("--outdir={}", to.display())).args(more);
    esbuild.args([
        "--bundle",
        "--format=esm",
        "--minify",
        "--sourcemap",
        "--legal-comments=linked",
        "--log-level=warning",
    ]);
    esbuild.args(NAMED.map(|(name, file)| format!("--alias:{name}={}", modules.join(file).display())));
    run(&mut esbuild)
}

/// What a bundle imports from beside itself.
fn imports(bundle: &str) -> Vec<&str> {
    let quoted = bundle.split('"').skip(1).step_by(2);
    quoted.filter_map(|name| name.strip_prefix("./").filter(|name| name.ends_with(".js"))).collect()
}

/// The style sheets of a document, in order.
fn styles(html: &str) -> Vec<&str> {
    let links = html.lines().filter_map(|line| line.split_once("rel=\"stylesheet\" href=\"").map(|(_, rest)| rest));
    links.filter_map(|rest| rest.split('"').next()).collect()
}

/// The document with bundles in place of modules; those that boot.js waits for are told of at once.
fn document(html: &str, imports: &[&str]) -> Result<String> {
    let mut lines = Vec::new();
    let mut is_styled = false;
    for line in html.lines() {
        if line.contains("rel=\"modulepreload\"") || line.contains("The rest of the module graph") {
            continue;
        }
        if line.contains("rel=\"stylesheet\"") {
            if !is_styled {
                lines.push(format!("  <link rel=\"stylesheet\" href=\"{FOLDER}/{STYLES}\">"));
            }
            is_styled = true;
            continue;
        }
        let script = ENTRIES.iter().find(|name| line.contains(&format!(" src=\"{name}.js\"")));
        match script {
            Some(name) => {
                lines.push(line.replace(&format!("\"{name}.js\""), &format!("\"{FOLDER}/{name}.js\"")));
                if *name == ENTRIES[0] {
                    let preload = |file: &&str| format!("  <link rel=\"modulepreload\" href=\"{FOLDER}/{file}\">");
                    lines.extend(imports.iter().map(preload));
                }
            }
            None => lines.push(line.to_owned()),
        }
    }
    let document = lines.join("\n") + "\n";
    for name in ENTRIES {
        ensure!(document.contains(&format!("\"{FOLDER}/{name}.js\"")), "www/index.html has no script {name}.js");
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_bundles_alone() {
        let html = "<head>\n  <script type=\"module\" async src=\"boot.js\"></script>\n  <link rel=\"modulepreload\" href=\"a.js\">\n  \
                    <link rel=\"stylesheet\" href=\"a.css\">\n  <link rel=\"stylesheet\" href=\"vendor/b.css\">\n  \
                    <script async src=\"guard.js\"></script>\n  <script type=\"module\" src=\"app.js\"></script>\n</head>";
        let found = document(html, &["chunk-1.js"]).unwrap();
        for there in ["bundle/boot.js", "bundle/app.js", "bundle/chunk-1.js", "guard.js"] {
            assert!(found.contains(&format!("\"{there}\"")), "{there}: {found}");
        }
        assert_eq!(styles(html), ["a.css", "vendor/b.css"]);
        assert_eq!(styles(&found), ["bundle/page.css"]);
        assert!(!found.contains("a.js\">") && found.matches("modulepreload").count() == 1, "{found}");
        assert!(document("<head></head>", &[]).is_err());
    }

    #[test]
    fn imports_of_a_bundle_are_its_neighbours() {
        let bundle =
            r#"import{a as t}from"./chunk-Y6.js";import"./b.js";const u="https://x.org/c.js";export{t as first};"#;
        assert_eq!(imports(bundle), ["chunk-Y6.js", "b.js"]);
    }
}
