//! The packages of `package-lock.json`: what the page loads, and the tools that check it.

use crate::project::{Project, run};
use anyhow::{Context, Result};
use std::path::Path;
use std::time::SystemTime;

/// How much of `package.json` a command needs. Serving a built page needs no tools, which are the larger part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Page,
    Tools,
}

/// Runs `npm ci` if `node_modules` is missing, older than the lock file, or without the tools that are needed now.
pub fn ensure(project: &Project, need: Need) -> Result<()> {
    if installed(&project.root, need)? {
        return Ok(());
    }
    println!("npm ci: installing the packages of package-lock.json");
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut npm = project.program(program);
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    // `npm ci` removes what it does not install, and whoever has the tools wants to keep them.
    if need == Need::Page && !has_tools(&project.root) {
        npm.arg("--omit=dev");
    }
    run(&mut npm).context("the page's libraries come from npm: is Node 20 or later installed?")
}

fn installed(root: &Path, need: Need) -> Result<bool> {
    let lock = changed(&root.join("package-lock.json")).context("package-lock.json is missing")?;
    // npm writes this record last, so an interrupted installation does not count.
    let fresh = changed(&root.join("node_modules/.package-lock.json")).is_some_and(|installed| installed >= lock);
    Ok(fresh && (need == Need::Page || has_tools(root)))
}

fn has_tools(root: &Path) -> bool {
    root.join("node_modules/typescript").is_dir()
}

/// The version of a package that `package-lock.json` states.
pub fn locked_version(root: &Path, package: &str) -> Result<String> {
    let lock = std::fs::read(root.join("package-lock.json")).context("package-lock.json is missing")?;
    let lock: serde_json::Value = serde_json::from_slice(&lock).context("package-lock.json is not JSON")?;
    let version = &lock["packages"][format!("node_modules/{package}")]["version"];
    Ok(version.as_str().with_context(|| format!("{package} is not in package-lock.json"))?.to_owned())
}

fn changed(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).ok()?.modified().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::scratch;
    use std::fs;
    use std::time::Duration;

    #[test]
    fn an_older_or_partial_installation_does_not_count() {
        let root = scratch("npm");
        fs::write(root.join("package-lock.json"), "{}").unwrap();
        assert!(!installed(&root, Need::Page).unwrap());

        fs::create_dir_all(root.join("node_modules")).unwrap();
        let record = root.join("node_modules/.package-lock.json");
        fs::write(&record, "{}").unwrap();
        assert!(installed(&root, Need::Page).unwrap());
        assert!(!installed(&root, Need::Tools).unwrap());

        let yesterday = SystemTime::now() - Duration::from_secs(86_400);
        fs::File::options().append(true).open(&record).unwrap().set_modified(yesterday).unwrap();
        assert!(!installed(&root, Need::Page).unwrap());
    }
}
