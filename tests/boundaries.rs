//! The architecture's boundaries, as tests: who may know of JavaScript, and who of tensors.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|p| if p.is_dir() { sources(&p) } else { vec![p] }).collect()
}

/// Files under `src/` that mention one of `words`, by their path below it.
fn mentioning(words: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&root);
    assert!(files.len() > 30, "the sources were not found");
    let mut found: Vec<String> = files
        .iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            words.iter().any(|word| text.contains(word))
        })
        .map(|path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}

#[test]
fn only_the_web_boundary_knows_javascript() {
    assert_eq!(mentioning(&["wasm_bindgen", "web_sys", "js_sys"]), ["web/given.rs", "web/mod.rs"]);
}

#[test]
fn only_what_computes_knows_tensors() {
    let allowed = |file: &str| {
        ["fused/", "nn/", "objective/", "train/", "session/"].iter().any(|folder| file.starts_with(folder))
            || ["device.rs", "evaluation.rs", "web/mod.rs"].contains(&file)
    };
    let users: Vec<String> = mentioning(&["burn::"]).into_iter().filter(|f| !allowed(f)).collect();
    assert_eq!(users, Vec::<String>::new(), "plain data and datasets know no tensor");
}

#[test]
fn randomness_comes_from_the_host_streams_alone() {
    assert_eq!(mentioning(&["rand::", "rand_chacha::", "rand_distr::"]), ["rng.rs"]);
    assert_eq!(mentioning(&["Distribution::Normal", "Tensor::random", ".random_like("]), Vec::<String>::new());
}
