//! The architecture's boundaries, as tests: who may know of whom, of JavaScript, of tensors.

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
        ["families/", "fused/", "nn/", "objective/", "train/", "session/", "self_test/"]
            .iter()
            .any(|folder| file.starts_with(folder))
            || [
                "device.rs",
                "self_test.rs",
                "look/ask.rs",
                "penalty.rs",
                "look/eye.rs",
                "look/judge.rs",
                "look/line.rs",
                "look/tested.rs",
                "web/mod.rs",
            ]
            .contains(&file)
    };
    let users: Vec<String> = mentioning(&["burn::"]).into_iter().filter(|f| !allowed(f)).collect();
    assert_eq!(users, Vec::<String>::new(), "plain data and datasets know no tensor");
}

#[test]
fn randomness_comes_from_the_host_streams_alone() {
    assert_eq!(mentioning(&["rand::", "rand_chacha::", "rand_distr::"]), ["rng.rs"]);
    assert_eq!(mentioning(&["Distribution::Normal", "Tensor::random", ".random_like("]), Vec::<String>::new());
}

/// The rooms of `src/`, from the lowest floor up. A room imports from floors below its own.
const FLOORS: [&[&str]; 15] = [
    &["rng", "message", "text", "device"],
    &["data"],
    &["fused"],
    &["nn"],
    &["objective", "penalty"],
    &["experiment"],
    &["look"],
    &["train"],
    &["families", "self_test"],
    &["catalog"],
    &["cost"],
    &["link"],
    &["session"],
    &["schema"],
    &["web"],
];

/// What a file's own code, without its tests, imports of its crate, by the names of the crate's modules.
fn imports(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let mut names: Vec<String> = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        let whole = code[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = &code[at + word.len()..];
        let list = rest.strip_prefix('{').map_or(rest, |list| list.split('}').next().unwrap());
        let many = rest.starts_with('{');
        for part in list.split(',').take(if many { usize::MAX } else { 1 }) {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.extend((whole && name.starts_with(|c: char| c.is_lowercase())).then_some(name));
        }
    }
    names
}

/// The room that a file belongs to: the folder or file directly below `root`.
fn room(path: &Path, root: &Path) -> String {
    let first = path.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

#[test]
fn rooms_import_from_floors_below() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let floor = |room: &str| FLOORS.iter().position(|rooms| rooms.contains(&room));
    let mut wrong = Vec::new();
    for path in sources(&root).iter().filter(|path| path.extension().is_some_and(|e| e == "rs")) {
        let own = room(path, &root);
        // What is compiled for tests only may look anywhere.
        if ["lib", "bin"].contains(&own.as_str()) || path.ends_with("tests.rs") {
            continue;
        }
        assert!(floor(&own).is_some(), "{own} is on no floor");
        for other in imports(path).into_iter().filter(|other| *other != own && other != "kernel") {
            let Some(below) = floor(&other) else { panic!("{} imports {other}, which is on no floor", path.display()) };
            if floor(&own).is_none_or(|floor| floor <= below) {
                wrong.push(format!("{} imports {other}", path.strip_prefix(&root).unwrap().display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "from a floor above, or its own");
}

#[test]
fn the_command_line_has_no_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/gan-playground");
    let mut left: Vec<(String, Vec<String>)> =
        sources(&root).iter().map(|path| (room(path, &root), imports(path))).collect();
    // Files that import none of those left are no part of a circle.
    loop {
        let names: Vec<String> = left.iter().map(|(name, _)| name.clone()).collect();
        let before = left.len();
        left.retain(|(_, imports)| imports.iter().any(|import| names.contains(import)));
        if left.len() == before {
            break;
        }
    }
    assert_eq!(left, []);
}
