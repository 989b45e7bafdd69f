//! Rules of the page's source that no compiler of it knows.

use crate::project::{relative, walk};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The document's own scripts, which it names in `<script>`.
const SCRIPTS: [&str; 4] = ["app.js", "beside/page.js", "boot.js", "guard.js"];

pub fn check(root: &Path) -> Result<()> {
    let www = root.join("www");
    let mut problems = Vec::new();
    let mut modules = BTreeSet::new();
    for file in walk(&www)? {
        let name = relative(&file, &www);
        if !name.ends_with(".js") || name.starts_with("worker/") {
            continue;
        }
        for (number, line) in fs::read_to_string(&file)?.lines().enumerate() {
            if reaches_the_worker(&name, line) {
                problems.push(format!(
                    "www/{name}:{}: the page reaches into worker/ otherwise than by `new Worker(`",
                    number + 1
                ));
            }
        }
        modules.insert(name);
    }
    let html = fs::read_to_string(www.join("index.html")).context("cannot read www/index.html")?;
    problems.extend(preload_problems(&html, modules));
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(())
}

/// Lets Trunk's script for reloading run in Trunk's own copy of the page, which `TRUNK_STAGING_DIR` names: the page's policy
/// knows the digest of its import map and allows no other inline script. A published page keeps that policy.
pub fn allow_reloading() -> Result<()> {
    let folder = std::env::var_os("TRUNK_STAGING_DIR").context("this is for Trunk, which sets TRUNK_STAGING_DIR")?;
    let file = Path::new(&folder).join("index.html");
    let html = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    fs::write(&file, with_inline_scripts(&html)?)?;
    Ok(())
}

/// The document with any inline script allowed. A digest in the policy would switch that off, so it goes.
fn with_inline_scripts(html: &str) -> Result<String> {
    let parts = html.split_once("'sha256-").and_then(|(before, rest)| Some((before, rest.split_once('\'')?.1)));
    let (before, after) = parts.context("the page's policy has no digest")?;
    Ok(format!("{before}'unsafe-inline'{after}"))
}

/// The page and the worker share no module: what each may use differs. One of them starts the other, by its address.
fn reaches_the_worker(module: &str, line: &str) -> bool {
    let mut quoted = line.split(['"', '\'', '`']).skip(1).step_by(2);
    !line.contains("new Worker(") && quoted.any(|text| text.starts_with('.') && resolve(module, text) == "worker")
}

/// The first folder of a relative address, seen from a module.
fn resolve<'a>(module: &'a str, address: &'a str) -> &'a str {
    let mut path: Vec<&str> = module.split('/').collect();
    path.pop();
    for part in address.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    path.first().copied().unwrap_or_default()
}

/// Every module of the page is in the list of `modulepreload`, except the document's own scripts; of the libraries, those
/// that the first picture needs, under the addresses of the import map.
fn preload_problems(html: &str, mut modules: BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for script in SCRIPTS {
        modules.remove(script);
    }
    let links = html.lines().filter(|line| line.contains("rel=\"modulepreload\""));
    for address in links.filter_map(|line| line.split("href=\"").nth(1)?.split('"').next()) {
        let known = match address.starts_with("vendor/") {
            true => html.contains(&format!("\"./{address}\"")),
            false => modules.remove(address),
        };
        if !known {
            problems.push(format!("www/index.html preloads {address}, which is no module of the page, or twice"));
        }
    }
    problems.extend(modules.iter().map(|module| format!("www/index.html does not preload {module}")));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_keeps_the_rules() {
        check(&crate::project::Project::find().unwrap().root).unwrap();
    }

    #[test]
    fn trunks_copy_allows_inline_scripts() {
        let html = "script-src 'self' 'sha256-6PV4=' 'wasm-unsafe-eval'; style-src 'self'";
        let allowed = with_inline_scripts(html).unwrap();
        assert_eq!(allowed, "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self'");
        assert!(with_inline_scripts("script-src 'self'").is_err());
        let root = crate::project::Project::find().unwrap().root;
        with_inline_scripts(&fs::read_to_string(root.join("www/index.html")).unwrap()).unwrap();
    }

    #[test]
    fn only_new_worker_reaches_the_worker() {
        for (module, line, expected) in [
            ("engine/core.js", "import { Loop } from \"../worker/loop.js\";", true),
            ("app.js", "const { Loop } = await import('./worker/loop.js');", true),
            ("engine/core.js", "/** @type {import(\"../worker/loop.js\").Loop} */", true),
            ("engine/core.js", "new Worker(new URL(\"../worker/worker.js\", import.meta.url))", false),
            ("engine/core.js", "import { glue } from \"./modules.js\"; // not the worker's", false),
            ("engine/worker/x.js", "import { y } from \"./y.js\";", false),
        ] {
            assert_eq!(reaches_the_worker(module, line), expected, "{line}");
        }
    }

    #[test]
    fn the_preloads_are_the_modules() {
        let html = "{ \"preact\": \"./vendor/preact.mjs\" }\n\
                    <link rel=\"modulepreload\" href=\"vendor/preact.mjs\">\n\
                    <link rel=\"modulepreload\" href=\"state.js\">\n";
        let modules = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert!(preload_problems(html, modules(&["app.js", "boot.js", "state.js"])).is_empty());
        assert_eq!(
            preload_problems(html, modules(&["later.js", "state.js"])),
            ["www/index.html does not preload later.js"]
        );
        assert_eq!(preload_problems(html, modules(&[])).len(), 1);
        assert_eq!(preload_problems(&html[1..].replace("./", ""), modules(&["state.js"])).len(), 1);
    }
}
