use super::*;
use crate::project::scratch;

fn package(root: &Path, name: &str, files: &[(&str, &str)]) -> Package {
    let folder = root.join(name);
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    Package {
        name: name.into(),
        version: "1.0.0".into(),
        license: Some("MIT".into()),
        repository: Some(format!("https://example.org/{name}")),
        manifest_path: folder.join("Cargo.toml"),
        source: Some("registry".into()),
    }
}

#[test]
fn each_text_is_there_once() {
    let root = scratch("licences");
    let packages = [
        package(&root, "a", &[("LICENSE-MIT", "Permission is\nhereby granted\n"), ("main.rs", "fn main() {}")]),
        package(&root, "b", &[("license.md", "Permission  is hereby\r\ngranted"), ("NOTICE", "by b")]),
        package(&root, "c", &[]),
    ];
    let text = compose("cpu", &packages).unwrap();
    for line in
        ["a 1.0.0: MIT [1]", "b 1.0.0: MIT [1] [2]", "c 1.0.0: MIT, no text in the package; https://example.org/c"]
    {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert_eq!((text.matches("hereby").count(), text.matches("by b").count()), (1, 1));
    assert!(!text.contains("fn main") && !text.contains(&root.display().to_string()), "{text}");
}
