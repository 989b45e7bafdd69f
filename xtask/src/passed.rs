//! Long tests whose outcome their sources decide: on the CPU a run is the same to the bit each time, so what has passed
//! on these sources is not run again. Kept beside what cargo built, and as good as that.

use crate::project::{Project, ask, digest, hex, walk};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// The native tests that this is done for: whole runs, for minutes.
pub const LONG: [&str; 2] = ["health", "lessons"];

/// What decides over them besides the files below [`FOLDERS`].
const FILES: [&str; 4] = ["Cargo.toml", "kernel/Cargo.toml", "Cargo.lock", "tests/health.rs"];
const FOLDERS: [&str; 6] = ["src", "kernel/src", "tests/common", "tests/lessons", "www/lessons", "judges"];

/// The note that the long tests passed on these sources, there or not.
pub struct Passed(PathBuf);

impl Passed {
    /// That of the checkout as it is now, and of the compiler.
    pub fn of(project: &Project) -> Result<Self> {
        let compiler = ask(project.program("rustc").arg("-vV")).context("rustc does not say its version")?;
        let mut files: Vec<PathBuf> = FILES.iter().map(|file| project.root.join(file)).collect();
        for folder in FOLDERS {
            files.extend(walk(&project.root.join(folder))?);
        }
        let name = hex(&digest(&project.root, files, &compiler)?);
        Ok(Self(project.target.join("passed").join(name)))
    }

    /// How many tests passed, if they did.
    pub fn count(&self) -> Option<u64> {
        fs::read_to_string(&self.0).ok()?.trim().parse().ok()
    }

    pub fn note(&self, count: u64) -> Result<()> {
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.0, count.to_string()).with_context(|| format!("cannot write {}", self.0.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::scratch;

    #[test]
    fn a_pass_holds_for_its_sources_alone() {
        let root = scratch("passed");
        let project = Project { root: root.clone(), target: root.join("target") };
        for folder in FOLDERS {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for file in FILES.iter().chain(&["src/lib.rs", "README.md"]) {
            fs::write(root.join(file), "one").unwrap();
        }
        assert_eq!(Passed::of(&project).unwrap().count(), None);
        Passed::of(&project).unwrap().note(26).unwrap();
        assert_eq!(Passed::of(&project).unwrap().count(), Some(26));
        fs::write(root.join("README.md"), "two").unwrap();
        assert_eq!(Passed::of(&project).unwrap().count(), Some(26));
        for (file, text) in [("src/lib.rs", "two"), ("www/lessons/new.js", "one"), ("tests/health.rs", "two")] {
            fs::write(root.join(file), text).unwrap();
            let now = Passed::of(&project).unwrap();
            assert_eq!(now.count(), None, "{file}");
            now.note(1).unwrap();
        }
        // And what was before is known when it comes back.
        fs::write(root.join("src/lib.rs"), "one").unwrap();
        fs::write(root.join("tests/health.rs"), "one").unwrap();
        fs::remove_file(root.join("www/lessons/new.js")).unwrap();
        assert_eq!(Passed::of(&project).unwrap().count(), Some(26));
        fs::remove_dir_all(&root).unwrap();
    }
}
